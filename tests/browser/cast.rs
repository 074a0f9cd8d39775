//! The people of these stories, and what they expect of every page.

use std::sync::atomic::{AtomicU32, Ordering};

use acceptance::{Backend, Browser, Options, Server, json};
use serde_json::json;

/// What everybody's password is at first.
pub(crate) const OLD: &str = "Zebra-Crossing-7";
/// A password that every policy takes.
pub(crate) const NEW: &str = "Marble.Fountain!42";

/// Starts a server with Ann (`user`), Bea (`member`) and Dan (`dealer`).
pub(crate) fn server() -> Server {
    server_with(&Options::default())
}

/// Starts such a server with a configuration of its own.
pub(crate) fn server_with(options: &Options) -> Server {
    let server = Server::start_with(Backend::Sqlite, options);
    for (realm, login) in [("user", "ann"), ("member", "bea"), ("dealer", "dan")] {
        server.add(realm, login, &format!("{login}@example.org"), OLD, &[]);
    }
    server
}

/// Returns who has an account in a realm.
pub(crate) fn who(realm: &str) -> &'static str {
    match realm {
        "user" => "ann",
        "member" => "bea",
        _ => "dan",
    }
}

/// Asks for a mail without a browser and returns the link in it.
pub(crate) fn link(server: &Server, realm: &str) -> String {
    let login = who(realm);
    let asked = acceptance::form(&server.url(&format!("/forgot/{realm}")), &[], &[("username", login)]);
    assert_eq!(asked.status, 303);
    server.reset_mail_to(&format!("{login}@example.org"), 1).link().expect("the mail has a link")
}

/// Tells whether a password lets somebody in.
pub(crate) fn lets_in(server: &Server, realm: &str, password: &str) -> bool {
    let login = who(realm);
    let body = json!({"login": login, "username": login, "password": password});
    match realm {
        "user" => json(&server.url("/v2/user/auth"), &[], &body).status == 200,
        "dealer" => json(&server.url("/v2/panel/account/auth"), &[], &body).status == 200,
        _ => {
            static COUNT: AtomicU32 = AtomicU32::new(0);
            let name = format!("caller-{}", COUNT.fetch_add(1, Ordering::Relaxed));
            let key = server.expect(&["client", "create", "--name", &name], "");
            json(&server.url("/api/v1/user/login/"), &[("apikey", &key)], &body).status == 200
        }
    }
}

/// What holds on every page, whatever it shows: it fits, it has one heading, the browser complains of nothing.
pub(crate) fn is_well(browser: &Browser) {
    let page = browser.path();
    assert_eq!(browser.overflow(), [""; 0], "{page}");
    assert_eq!(browser.complaints(), [""; 0], "{page}");
    let headings = browser.texts("h1");
    assert_eq!(headings.len(), 1, "{page}");
    assert!(browser.text("title").contains(&headings[0]), "{page}: {}", browser.text("title"));
}

/// What holds after a refused form: a summary leads to the field, and the field says itself what is wrong with it.
pub(crate) fn is_refused(browser: &Browser, field: &str) {
    browser.wait_for("#summary");
    assert_eq!(browser.attribute("#summary", "role"), "alert");
    let leads = format!("#summary a[href='#{field}']");
    let said = browser.texts(&leads);
    assert!(!said.is_empty(), "the summary leads to {field}: {}", browser.text("#summary"));
    let input = format!("#{field}");
    assert_eq!(browser.attribute(&input, "aria-invalid"), "true");
    let told_by = browser.attribute(&input, "aria-describedby");
    let wrong = format!("{field}-wrong");
    assert!(told_by.split(' ').any(|id| id == wrong), "{told_by}");
    assert!(browser.text(&format!("#{wrong}")).contains(&said[0]), "{said:?}");
    for id in told_by.split(' ') {
        assert!(browser.has(&format!("[id='{id}']")), "{field} is described by {id}");
    }
    browser.click(&leads);
    assert_eq!(browser.focus(), field, "the summary's link goes to the field");
}
