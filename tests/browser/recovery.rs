//! Somebody has forgotten a password: from the page that asks for a mail to the sign-in with a new one.

use acceptance::{Browser, Look};

use crate::cast::{NEW, OLD, is_refused, is_well, lets_in, server, who};

fn from_forgotten_to_signed_in(look: Look, realm: &str) {
    let Some(browser) = Browser::start(look) else { return };
    let server = server();
    let (login, email) = (who(realm), format!("{}@example.org", who(realm)));

    browser.open(&server.url(&format!("/forgot/{realm}")));
    is_in_its_language(&browser, &look);
    let calm = browser.text("title");
    browser.follow("button[type=submit]");
    is_refused(&browser, "username");
    assert_ne!(browser.text("title"), calm, "the title tells of the error");
    is_well(&browser);
    browser.type_into("#username", login);
    browser.enter("#username");
    assert_eq!(browser.path(), format!("/forgot/{realm}/sent"));
    is_in_its_language(&browser, &look);

    let link = server.reset_mail_to(&email, 1).link().expect("the mail has a link");
    browser.open(&link);
    is_in_its_language(&browser, &look);
    assert_eq!(
        browser.shows("button.reveal"),
        look.scripts,
        "what only a script can do shows only with scripts"
    );
    for (new, again, wrong) in
        [("", "", "new_password"), ("x", "x", "new_password"), (NEW, "Something.Else!43", "confirm_password")]
    {
        browser.type_into("#new_password", new);
        browser.type_into("#confirm_password", again);
        browser.follow("main button[type=submit]");
        assert_eq!(browser.path(), format!("/reset/{realm}"));
        is_refused(&browser, wrong);
        is_in_its_language(&browser, &look);
        assert_eq!(browser.value("#new_password"), "", "a page never repeats a password");
    }
    assert!(lets_in(&server, realm, OLD), "nothing has changed so far");
    browser.type_into("#new_password", NEW);
    browser.type_into("#confirm_password", NEW);
    browser.enter("#confirm_password");
    assert_eq!(browser.path(), format!("/reset/{realm}/done"));
    assert!(!browser.has("form"), "success is a page of its own");
    is_in_its_language(&browser, &look);
    assert!(lets_in(&server, realm, NEW) && !lets_in(&server, realm, OLD));
}

/// The page says in which language it is, reads in its direction and does not fall back to English.
fn is_in_its_language(browser: &Browser, look: &Look) {
    is_well(browser);
    assert_eq!(browser.attribute("html", "lang"), look.language);
    let arabic = look.language == "ar";
    assert_eq!(browser.attribute("html", "dir"), if arabic { "rtl" } else { "ltr" });
    let heading = browser.text("h1");
    assert_eq!(heading.chars().any(|letter| ('\u{600}'..'\u{700}').contains(&letter)), arabic, "{heading}");
}

#[test]
fn on_a_desktop() {
    from_forgotten_to_signed_in(Look::DESKTOP, "member");
}

#[test]
fn on_a_desktop_without_scripts() {
    from_forgotten_to_signed_in(Look::DESKTOP.without_scripts(), "dealer");
}

#[test]
fn on_a_desktop_in_arabic() {
    from_forgotten_to_signed_in(Look::DESKTOP.speaking("ar"), "user");
}

#[test]
fn on_a_desktop_in_arabic_without_scripts() {
    from_forgotten_to_signed_in(Look::DESKTOP.speaking("ar").without_scripts(), "member");
}

#[test]
fn on_a_phone() {
    from_forgotten_to_signed_in(Look::PHONE, "user");
}

#[test]
fn on_a_phone_without_scripts() {
    from_forgotten_to_signed_in(Look::PHONE.without_scripts(), "member");
}

#[test]
fn on_a_phone_in_arabic() {
    from_forgotten_to_signed_in(Look::PHONE.speaking("ar"), "member");
}

#[test]
fn on_a_phone_in_arabic_without_scripts() {
    from_forgotten_to_signed_in(Look::PHONE.speaking("ar").without_scripts(), "user");
}
