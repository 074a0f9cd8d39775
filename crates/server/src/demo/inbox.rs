//! The local inbox: `/demo/inbox`.

use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use actix_web::http::header::{self, HeaderName, LOCATION};
use actix_web::web::{self, Data, Query, ServiceConfig};
use actix_web::{HttpResponse, HttpResponseBuilder};
use serde::Deserialize;

use super::mail::{self, Mail};

/// How long the newest link is waited for: the worker looks into the outbox a few times a second.
const LINK_PATIENCE: Duration = Duration::from_secs(10);
const LINK_POLL: Duration = Duration::from_millis(100);

/// Nothing runs and nothing is loaded; mails style themselves in place.
const PAGE_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; \
    frame-ancestors 'none'";

/// Where the mails are.
struct Folder(PathBuf);

#[derive(Deserialize)]
struct To {
    to: String,
}

/// Mounts the inbox over a folder of mails.
pub(super) fn configure(service: &mut ServiceConfig, folder: PathBuf) {
    let home = || async { HttpResponse::SeeOther().insert_header((LOCATION, "/demo/inbox")).finish() };
    service.app_data(Data::new(Folder(folder))).route("/", web::get().to(home)).service(
        web::scope("/demo/inbox")
            .route("", web::get().to(list))
            .route("/", web::get().to(list))
            .route("/link", web::get().to(link))
            .route("/{id}", web::get().to(text))
            .route("/{id}/html", web::get().to(html)),
    );
}

async fn list(folder: Data<Folder>) -> HttpResponse {
    answer(read(&folder.0).await.map(|mails| {
        let rows: String = mails.iter().map(row).collect();
        let body = if rows.is_empty() {
            "<p>No mail yet. Reload this page after asking for one.</p>".to_owned()
        } else {
            format!("<table><tr><th>Date<th>To<th>Subject</tr>{rows}</table>")
        };
        page("Inbox", &body)
    }))
}

fn row(mail: &Mail) -> String {
    format!(
        "<tr><td>{}<td>{}<td><a href=\"/demo/inbox/{}\">{}</a></tr>",
        escaped(&mail.date),
        escaped(&mail.to),
        escaped(&mail.id),
        escaped(&mail.subject)
    )
}

async fn text(folder: Data<Folder>, id: web::Path<String>) -> HttpResponse {
    match one(&folder.0, &id).await {
        Ok(Some(mail)) => {
            let lines: Vec<String> = mail.text.lines().map(linked).collect();
            let body = format!(
                "<p><a href=\"/demo/inbox\">Inbox</a> · <a href=\"/demo/inbox/{}/html\">as HTML</a></p>\
                 <p>To {}, {}</p><pre>{}</pre>",
                escaped(&mail.id),
                escaped(&mail.to),
                escaped(&mail.date),
                lines.join("\n")
            );
            answer(Ok(page(&mail.subject, &body)))
        }
        Ok(None) => HttpResponse::NotFound().content_type("text/plain").body("no such mail\n"),
        Err(error) => answer(Err(error)),
    }
}

async fn html(folder: Data<Folder>, id: web::Path<String>) -> HttpResponse {
    match one(&folder.0, &id).await {
        Ok(Some(mail)) => answer(Ok(mail.html)),
        Ok(None) => HttpResponse::NotFound().content_type("text/plain").body("no such mail\n"),
        Err(error) => answer(Err(error)),
    }
}

/// Answers with the link of somebody's newest mail, for scripts; waits a while for a mail that has one.
async fn link(folder: Data<Folder>, query: Query<To>) -> HttpResponse {
    let began = Instant::now();
    loop {
        match read(&folder.0).await {
            Ok(mails) => {
                if let Some(link) = newest_link(&mails, &query.to) {
                    return plain(&mut HttpResponse::Ok(), format!("{link}\n"));
                }
            }
            Err(error) => return answer(Err(error)),
        }
        if began.elapsed() > LINK_PATIENCE {
            return plain(&mut HttpResponse::NotFound(), "no mail with a link\n".to_owned());
        }
        actix_web::rt::time::sleep(LINK_POLL).await;
    }
}

/// Returns the link of the newest mail to an address, unless the newest mail has none: then the link before it is spent.
fn newest_link<'a>(mails: &'a [Mail], to: &str) -> Option<&'a str> {
    mails.iter().find(|mail| mail.to == to)?.link()
}

async fn read(folder: &Path) -> io::Result<Vec<Mail>> {
    let folder = folder.to_owned();
    web::block(move || mail::all(&folder)).await.map_err(io::Error::other)?
}

async fn one(folder: &Path, id: &str) -> io::Result<Option<Mail>> {
    // Looked up among the files that are there, so that no path can be made up.
    Ok(read(folder).await?.into_iter().find(|mail| mail.id == id))
}

fn answer(page: io::Result<String>) -> HttpResponse {
    match page {
        Ok(page) => HttpResponse::Ok()
            .content_type("text/html; charset=utf-8")
            .insert_header((header::CONTENT_SECURITY_POLICY, PAGE_POLICY))
            .insert_header((HeaderName::from_static("referrer-policy"), "no-referrer"))
            .body(page),
        Err(_) => plain(&mut HttpResponse::InternalServerError(), "the inbox can't be read\n".to_owned()),
    }
}

fn plain(builder: &mut HttpResponseBuilder, text: String) -> HttpResponse {
    builder.content_type("text/plain; charset=utf-8").body(text)
}

fn page(title: &str, body: &str) -> String {
    let title = escaped(title);
    format!(
        "<!DOCTYPE html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>{title}</title><style>body{{font:16px/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}}\
         td,th{{text-align:left;padding:.25rem 1rem .25rem 0}}pre{{white-space:pre-wrap;overflow-wrap:anywhere}}</style>\
         <h1>{title}</h1>{body}</html>\n"
    )
}

/// Makes a link of a line that is one, and plain text of every other line.
fn linked(line: &str) -> String {
    let text = escaped(line);
    if line.starts_with("http://") || line.starts_with("https://") {
        format!("<a href=\"{text}\">{text}</a>")
    } else {
        text
    }
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_typed_stays_text() {
        assert_eq!(escaped("<a href='x'>\"&"), "&lt;a href=&#39;x&#39;&gt;&quot;&amp;");
        assert_eq!(linked("javascript:alert(1)"), "javascript:alert(1)");
        assert_eq!(
            linked("http://x/?a=1&b=2"),
            "<a href=\"http://x/?a=1&amp;b=2\">http://x/?a=1&amp;b=2</a>"
        );
        assert!(page("<script>", "").contains("<h1>&lt;script&gt;</h1>"));
    }

    #[test]
    fn a_link_is_spent_when_a_later_mail_has_none() {
        let mail = |text: &str| Mail { to: "a@b".into(), text: text.into(), ..Mail::default() };
        let (link, notice) = (mail("http://x/reset/user?hash=1"), mail("Your password was changed."));
        assert_eq!(newest_link(&[], "a@b"), None);
        assert_eq!(newest_link(std::slice::from_ref(&link), "c@d"), None);
        let mails = [link, notice];
        assert_eq!(newest_link(&mails, "a@b"), Some("http://x/reset/user?hash=1"));
        assert_eq!(newest_link(&mails[1..], "a@b"), None);
    }
}
