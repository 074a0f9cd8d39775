//! Somebody knows the password and wants another one.

use acceptance::{Browser, Look};

use crate::cast::{NEW, OLD, is_refused, is_well, lets_in, server};

fn from_old_to_new(look: Look) {
    let Some(browser) = Browser::start(look) else { return };
    let server = server();
    browser.open(&server.url("/.well-known/change-password"));
    assert_eq!(browser.path(), "/change/member");
    is_well(&browser);
    let submit = |login: &str, current: &str, new: &str, again: &str| {
        browser.fill("#username", login);
        for (field, text) in
            [("#current_password", current), ("#new_password", new), ("#confirm_password", again)]
        {
            browser.fill(field, text);
        }
        browser.follow("main button[type=submit]");
        is_well(&browser);
    };

    submit("", "", "", "");
    for field in ["username", "current_password", "new_password"] {
        is_refused(&browser, field);
    }
    submit("bea", OLD, NEW, "Something.Else!43");
    is_refused(&browser, "confirm_password");
    assert_eq!(browser.value("#username"), "bea", "a login need not be typed twice");
    submit("bea", OLD, "weak", "weak");
    is_refused(&browser, "new_password");

    let mut said = Vec::new();
    for login in ["bea", "nobody"] {
        submit(login, "wrong", NEW, NEW);
        said.push(browser.text("#summary"));
        assert!(!browser.has("#summary a"), "no field is named: either may be wrong");
    }
    assert_eq!(said[0], said[1], "the page does not tell who has an account");

    submit("bea", OLD, NEW, NEW);
    assert_eq!(browser.path(), "/change/member/done");
    assert!(!browser.has("form"));
    assert!(lets_in(&server, "member", NEW) && !lets_in(&server, "member", OLD));
}

#[test]
fn on_a_desktop() {
    from_old_to_new(Look::DESKTOP);
}

#[test]
fn on_a_phone_in_arabic_without_scripts() {
    from_old_to_new(Look::PHONE.speaking("ar").without_scripts());
}
