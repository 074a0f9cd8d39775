//! A picture of every page, for `docs/screenshots`. `SCREENSHOTS=1` puts them there; without it they are taken and
//! compared with the list only, so that the list stays complete.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use acceptance::{Browser, Look, Options, Server, compress};

use crate::cast::{NEW, OLD, link, server_with};
use crate::sight::{meet_the_limit, spend_the_limit};

/// What a picture may weigh, in bytes: readers of the repository carry all of them.
const MOST: u64 = 100 * 1024;

struct Album<'a> {
    browser: &'a Browser,
    taken: BTreeSet<String>,
}

impl Album<'_> {
    /// Takes a picture of the page as it is.
    fn take(&mut self, name: &str) {
        let file = format!("{name}.png");
        let picture = self.browser.picture();
        assert!(!picture.is_empty(), "{file}");
        if std::env::var("SCREENSHOTS").is_ok_and(|value| value == "1") {
            std::fs::write(folder().join(&file), compress(&picture)).expect("the picture is written");
        }
        assert!(self.taken.insert(file), "{name} is taken once");
    }

    /// Takes the page on a desktop, light and dark, and on a phone.
    fn take_all(&mut self, name: &str) {
        self.browser.resize(Look::DESKTOP.width, Look::DESKTOP.height);
        self.take(&format!("{name}-light"));
        self.browser.prefer(true);
        self.take(&format!("{name}-dark"));
        self.browser.prefer(false);
        self.browser.resize(Look::PHONE.width, Look::PHONE.height);
        self.take(&format!("{name}-phone"));
    }
}

/// A server that has a name and somebody to ask.
fn branded(limits: bool) -> Server {
    let tables = "[brand]\nname = \"Example Accounts\"\nsupport = \"mailto:help@example.org\"".to_owned();
    server_with(&Options { limits, tables, ..Options::default() })
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/screenshots")
}

fn fill(browser: &Browser, fields: &[(&str, &str)]) {
    for (field, text) in fields {
        browser.fill(&format!("#{field}"), text);
    }
}

fn pages(album: &mut Album<'_>) {
    let server = branded(false);
    let browser = album.browser;
    let submit = || browser.follow("main button[type=submit]");

    browser.open(&server.url("/forgot/member"));
    album.take_all("forgot");
    submit();
    album.take_all("forgot-errors");
    browser.open(&server.url("/forgot/member/sent"));
    album.take_all("sent");
    browser.open(&server.url("/change/member"));
    album.take_all("change");
    fill(browser, &[("username", "bea"), ("new_password", "12345"), ("confirm_password", "1234")]);
    submit();
    album.take_all("change-errors");
    browser.open(&server.url("/nowhere"));
    album.take_all("not-found");

    let link = link(&server, "dealer");
    browser.open(&link);
    album.take_all("reset");
    fill(browser, &[("new_password", "Crossing"), ("confirm_password", "Cross")]);
    browser.wait_for("#strength");
    browser.press_tab();
    browser.wait_for("#match[data-state=open]");
    // The server's word on the rules that only it knows.
    browser.wait_for("#rules li[data-code=too_short][data-state=open]");
    album.take_all("reset-typing");
    submit();
    album.take_all("reset-errors");
    for language in ["de", "es", "fr", "pt", "ru", "ar", "ja"] {
        browser.open(&format!("{link}&lang={language}"));
        album.take(&format!("reset-{language}-phone"));
    }
    browser.resize(Look::DESKTOP.width, Look::DESKTOP.height);
    for language in ["de", "ar"] {
        browser.open(&format!("{link}&lang={language}"));
        fill(browser, &[("new_password", "Crossing"), ("confirm_password", "Cross")]);
        submit();
        album.take(&format!("reset-errors-{language}"));
    }
    browser.open(&link);
    fill(browser, &[("new_password", NEW), ("confirm_password", NEW)]);
    submit();
    album.take_all("done");
    browser.open(&link);
    fill(browser, &[("new_password", NEW), ("confirm_password", NEW)]);
    submit();
    album.take_all("expired-link");
}

fn limits(album: &mut Album<'_>) {
    let server = branded(true);
    spend_the_limit(&server);
    meet_the_limit(album.browser, &server);
    album.take_all("limits");
}

fn without_scripts(album: &mut Album<'_>) {
    let server = branded(false);
    let browser = album.browser;
    browser.open(&server.url("/change/member"));
    album.take("change-without-scripts-phone");
    fill(
        browser,
        &[
            ("username", "bea"),
            ("current_password", OLD),
            ("new_password", "12345"),
            ("confirm_password", "12345"),
        ],
    );
    browser.follow("main button[type=submit]");
    album.take("change-errors-without-scripts-phone");
}

#[test]
fn every_page_has_its_picture() {
    let mut taken = BTreeSet::new();
    for (look, take) in [
        (Look::DESKTOP, pages as fn(&mut Album<'_>)),
        (Look::DESKTOP, limits),
        (Look::PHONE.without_scripts(), without_scripts),
    ] {
        let Some(browser) = Browser::start(look) else { return };
        let mut album = Album { browser: &browser, taken: BTreeSet::new() };
        take(&mut album);
        taken.append(&mut album.taken);
    }
    let kept: BTreeSet<String> = std::fs::read_dir(folder())
        .expect("the pictures have a folder")
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.ends_with(".png"))
        .collect();
    assert_eq!(taken, kept, "`just screenshots` takes them again");
    for name in &kept {
        let size = std::fs::metadata(folder().join(name)).expect("the picture is there").len();
        assert!(size <= MOST, "{name} has {size} bytes");
    }
    let list = std::fs::read_to_string(folder().join("README.md")).expect("the pictures have a list");
    let missing: Vec<&String> = taken.iter().filter(|name| !list.contains(name.as_str())).collect();
    assert!(missing.is_empty(), "{missing:?} are not in the list");
}
