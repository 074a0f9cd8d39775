//! What axe finds on every page, in light and dark, from left to right and from right to left: nothing.

use acceptance::{Axe, Browser, Look, Options, form};

use crate::cast::{NEW, OLD, is_refused, link, server, server_with};

/// Looks at the page in light and in dark.
fn is_accessible(axe: &Axe, browser: &Browser) {
    for dark in [false, true] {
        browser.prefer(dark);
        let violations = axe.violations(browser);
        assert_eq!(violations, [""; 0], "{} ({}), dark: {dark}", browser.path(), browser.text("title"));
    }
}

fn every_page_is_accessible(look: Look) {
    // Where scripts are off, axe does not run either: what is missing then is the page's own script.
    let started = Browser::start(Look { scripts: true, ..look });
    let (Some(axe), Some(browser)) = (Axe::load(), started) else { return };
    if !look.scripts {
        browser.block("*/assets/*.js");
    }
    let server = server();
    let look_at = |path: &str| {
        browser.open(&server.url(path));
        is_accessible(&axe, &browser);
    };
    for path in ["/nowhere", "/forgot/user/sent", "/change/user/done", "/reset/user/done", "/forgot/user"] {
        look_at(path);
    }
    browser.follow("main button[type=submit]");
    is_refused(&browser, "username");
    is_accessible(&axe, &browser);

    look_at("/change/member");
    browser.fill("#username", "bea");
    browser.fill("#current_password", OLD);
    browser.fill("#new_password", "1234");
    browser.fill("#confirm_password", "12");
    if look.scripts {
        browser.wait_for("#strength");
        browser.click("button.reveal[aria-controls=new_password]");
        is_accessible(&axe, &browser);
    }
    browser.follow("main button[type=submit]");
    is_refused(&browser, "confirm_password");
    is_accessible(&axe, &browser);

    let link = link(&server, "dealer");
    browser.open(&link);
    is_accessible(&axe, &browser);
    browser.fill("#new_password", NEW);
    if look.scripts {
        browser.fill("#confirm_password", NEW);
        browser.wait_for("#match[data-state=met]");
        browser.wait_for("#strength");
        is_accessible(&axe, &browser);
    }
    browser.fill("#new_password", "short");
    browser.follow("main button[type=submit]");
    is_refused(&browser, "new_password");
    is_accessible(&axe, &browser);

    browser.open(&link[..link.len() - 4]);
    browser.fill("#new_password", NEW);
    browser.fill("#confirm_password", NEW);
    browser.follow("main button[type=submit]");
    assert!(!browser.has("#new_password"));
    is_accessible(&axe, &browser);
}

#[test]
fn a_bad_page_is_found_out() {
    let (Some(axe), Some(browser)) = (Axe::load(), Browser::start(Look::PHONE)) else { return };
    browser
        .open("data:text/html,<title>bad</title><p style='color:lightgray;background:white'>pale</p><input>");
    let found = axe.violations(&browser).join("\n");
    for rule in ["color-contrast:", "html-has-lang:", "label:", "page-has-heading-one:"] {
        assert!(found.contains(rule), "{rule} {found}");
    }
}

#[test]
fn in_english_on_a_desktop() {
    every_page_is_accessible(Look::DESKTOP);
}

#[test]
fn in_english_on_a_phone_without_scripts() {
    every_page_is_accessible(Look::PHONE.without_scripts());
}

#[test]
fn in_arabic_on_a_phone() {
    every_page_is_accessible(Look::PHONE.speaking("ar"));
}

#[test]
fn in_arabic_on_a_desktop_without_scripts() {
    every_page_is_accessible(Look::DESKTOP.speaking("ar").without_scripts());
}

#[test]
fn in_every_other_language() {
    let (Some(axe), Some(browser)) = (Axe::load(), Browser::start(Look::PHONE)) else { return };
    let server = server();
    for language in ["de", "es", "fr", "pt", "ru", "ja"] {
        browser.open(&server.url(&format!("/change/member?lang={language}")));
        assert_eq!(browser.attribute("html", "lang"), language);
        is_accessible(&axe, &browser);
    }
}

#[test]
fn where_attempts_are_limited() {
    let (Some(axe), Some(browser)) = (Axe::load(), Browser::start(Look::PHONE)) else { return };
    let server = server_with(&Options { limits: true, ..Options::default() });
    spend_the_limit(&server);
    meet_the_limit(&browser, &server);
    is_accessible(&axe, &browser);
}

/// Guesses until the change page says that it is enough.
pub(crate) fn spend_the_limit(server: &acceptance::Server) {
    let guess = [
        ("username", "bea"),
        ("current_password", "wrong"),
        ("new_password", NEW),
        ("confirm_password", NEW),
    ];
    (0..400)
        .find(|_| form(&server.url("/change/member"), &[], &guess).status == 429)
        .expect("the limit is told");
}

/// Meets the limit in the browser.
pub(crate) fn meet_the_limit(browser: &Browser, server: &acceptance::Server) {
    browser.open(&server.url("/change/member"));
    for (field, text) in
        [("#username", "bea"), ("#current_password", OLD), ("#new_password", NEW), ("#confirm_password", NEW)]
    {
        browser.fill(field, text);
    }
    browser.follow("main button[type=submit]");
    browser.wait_for("#summary");
}
