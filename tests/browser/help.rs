//! What a script adds while somebody types.

use acceptance::{Browser, Look, eventually};

use crate::cast::{NEW, OLD, is_well, link, server};

fn state(browser: &Browser, rule: &str) -> String {
    browser.attribute(&format!("#rules li[data-code={rule}]"), "data-state")
}

fn becomes(browser: &Browser, rule: &str, wanted: &str) {
    eventually(&format!("{rule} becomes {wanted:?}"), || (state(browser, rule) == wanted).then_some(()));
}

/// Returns how often the server was asked about a password.
fn checks(browser: &Browser) -> u64 {
    let script = "return performance.getEntriesByType('resource').filter(e => e.name.endsWith('/password/check')).length";
    browser.run(script, &[]).as_u64().unwrap_or_default()
}

#[test]
fn the_checklist_follows_what_is_typed() {
    let Some(browser) = Browser::start(Look::DESKTOP) else { return };
    let server = server();
    browser.open(&server.url("/change/member"));
    browser.type_into("#username", "bea");
    for rule in ["too_short", "classes", "numeric", "common", "similar"] {
        assert_eq!(state(&browser, rule), "", "nothing is said of an empty field: {rule}");
    }
    browser.type_into("#new_password", "1234567");
    for (rule, wanted) in
        [("too_short", "open"), ("numeric", "open"), ("classes", "open"), ("common", "open")]
    {
        becomes(&browser, rule, wanted);
    }
    browser.type_into("#new_password", "8");
    becomes(&browser, "too_short", "met");
    browser.type_into("#new_password", "a");
    becomes(&browser, "numeric", "met");
    browser.type_into("#new_password", "B");
    becomes(&browser, "classes", "open");
    browser.type_into("#new_password", "!");
    becomes(&browser, "classes", "met");
    becomes(&browser, "common", "met");
    assert!(
        browser.text("#rules li[data-code=classes] .state").len() > 2,
        "the state is a word, not a colour"
    );
    browser.fill("#username", "Marble.Fountain");
    browser.fill("#new_password", NEW);
    becomes(&browser, "similar", "open");
    browser.fill("#username", "bea");
    browser.type_into("#new_password", "z");
    becomes(&browser, "similar", "met");
    is_well(&browser);
}

#[test]
fn a_dealers_length_has_two_ends() {
    let Some(browser) = Browser::start(Look::PHONE) else { return };
    let server = server();
    browser.open(&link(&server, "dealer"));
    browser.type_into("#new_password", "Aa1!Aa1!Aa1");
    becomes(&browser, "too_short", "open");
    browser.type_into("#new_password", "!");
    becomes(&browser, "too_short", "met");
    becomes(&browser, "classes", "met");
    browser.type_into("#new_password", "123456789");
    becomes(&browser, "too_long", "open");
    assert_eq!(state(&browser, "reused"), "", "the page does not tell what the history knows");
    is_well(&browser);
}

#[test]
fn strength_is_told_in_words() {
    let Some(browser) = Browser::start(Look::PHONE) else { return };
    let server = server();
    browser.open(&link(&server, "user"));
    assert!(!browser.shows("#strength"), "an empty field has no strength");
    let mut words = Vec::new();
    for password in ["password", "Marble.Fountain!4"] {
        browser.fill("#new_password", password);
        browser.wait_for("#strength");
        let before = words.clone();
        words.push(eventually("another word", || {
            let word = browser.text("#strength-text");
            (!word.is_empty() && !before.contains(&word)).then_some(word)
        }));
        let announced = &words[words.len() - 1];
        eventually("it is announced", || {
            browser.text("#announce").contains(announced.as_str()).then_some(())
        });
    }
    is_well(&browser);
}

#[test]
fn neither_server_nor_ear_is_troubled_by_every_key() {
    let Some(browser) = Browser::start(Look::DESKTOP) else { return };
    let server = server();
    browser.open(&link(&server, "member"));
    browser.run(
        "window.said = 0;
         new MutationObserver(() => { said += 1 }).observe(document.querySelector('#announce'), { childList: true })",
        &[],
    );
    browser.type_into("#new_password", NEW);
    eventually("the server is asked", || (checks(&browser) > 0).then_some(()));
    becomes(&browser, "common", "met");
    assert!(checks(&browser) <= 3, "{} keys, {} questions", NEW.len(), checks(&browser));
    eventually("something is said", || (!browser.text("#announce").is_empty()).then_some(()));
    let said = browser.run("return said", &[]).as_u64().unwrap_or(u64::MAX);
    assert!(said <= 3, "a screen reader is not talked over: {} keys, {said} announcements", NEW.len());
}

#[test]
fn a_password_can_be_shown_and_hidden() {
    let Some(browser) = Browser::start(Look::PHONE) else { return };
    let server = server();
    browser.open(&server.url("/change/member"));
    let fields = ["current_password", "new_password", "confirm_password"];
    for field in fields {
        let (input, button) = (format!("#{field}"), format!("button.reveal[aria-controls={field}]"));
        browser.type_into(&input, OLD);
        let hidden = browser.text(&button);
        assert_eq!(browser.attribute(&input, "type"), "password");
        browser.click(&button);
        assert_eq!(browser.attribute(&input, "type"), "text");
        assert_eq!(browser.value(&input), OLD);
        assert_ne!(browser.text(&button), hidden);
        browser.click(&button);
        assert_eq!(browser.attribute(&input, "type"), "password");
    }
    is_well(&browser);
}

#[test]
fn caps_lock_is_told_while_it_is_on() {
    let Some(browser) = Browser::start(Look::PHONE) else { return };
    let server = server();
    browser.open(&link(&server, "member"));
    let press = |on: bool| {
        let script = "const field = document.querySelector('#new_password'); field.focus();
            for (const type of ['keydown', 'keyup']) field.dispatchEvent(
                new KeyboardEvent(type, { key: 'A', modifierCapsLock: arguments[0], bubbles: true }))";
        browser.run(script, &[on.into()]);
    };
    assert!(!browser.shows("#new_password-caps"));
    press(true);
    browser.wait_for("#new_password-caps");
    press(false);
    eventually("the hint goes", || (!browser.shows("#new_password-caps")).then_some(()));
    press(true);
    browser.wait_for("#new_password-caps");
    // What goes when the field is left must not take the button away from under the pointer.
    browser.follow("main button[type=submit]");
}

#[test]
fn the_two_fields_are_compared() {
    let Some(browser) = Browser::start(Look::PHONE) else { return };
    let server = server();
    browser.open(&link(&server, "member"));
    browser.type_into("#new_password", NEW);
    assert_eq!(browser.text("#match"), "", "nothing is said of an empty field");
    let matching = |wanted: &str| {
        let state = || browser.attribute("#match", "data-state") == wanted && browser.shows("#match");
        eventually(wanted, || state().then_some(()));
    };
    browser.type_into("#confirm_password", &NEW[..5]);
    assert_eq!(browser.text("#match"), "", "whoever has not finished is not wrong yet");
    browser.press_tab();
    matching("open");
    browser.type_into("#confirm_password", &NEW[5..]);
    matching("met");
    browser.type_into("#confirm_password", "5");
    matching("open");
}

#[test]
fn a_server_that_does_not_answer_stops_nobody() {
    let Some(browser) = Browser::start(Look::PHONE) else { return };
    let mut server = server();
    browser.open(&link(&server, "member"));
    server.kill();
    browser.type_into("#new_password", NEW);
    browser.wait_for("#check-failed");
    becomes(&browser, "too_short", "met");
    server.launch();
    browser.type_into("#confirm_password", NEW);
    browser.enter("#confirm_password");
    assert_eq!(browser.path(), "/reset/member/done");
}

#[test]
fn no_help_is_promised_without_scripts() {
    let Some(browser) = Browser::start(Look::DESKTOP.without_scripts()) else { return };
    let server = server();
    browser.open("data:text/html,<title>off</title><script>document.title = 'on'</script>");
    assert_eq!(browser.text("title"), "off", "scripts are off");
    browser.open(&server.url("/change/member"));
    browser.type_into("#new_password", "1234");
    for selector in ["button.reveal", "#strength", "#check-failed", ".caps"] {
        assert!(!browser.shows(selector), "{selector}");
    }
    assert_eq!(browser.text("#match"), "");
    assert!(browser.shows("#rules li"), "the rules can be read");
    browser.open(&link(&server, "dealer"));
    browser.type_into("#new_password", "Aa1!");
    browser.follow("main button[type=submit]");
    assert_eq!(
        (state(&browser, "too_short"), state(&browser, "classes")),
        ("open".to_owned(), "met".to_owned())
    );
    assert!(browser.text("#rules li[data-code=too_short] .state").len() > 2, "and in words");
}
