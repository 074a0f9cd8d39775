//! The keyboard, the magnifier and the screen reader's voice.

use acceptance::{Browser, Look};

use crate::cast::{is_well, link, server};

#[test]
fn the_keyboard_meets_everything_in_the_order_of_reading() {
    let Some(browser) = Browser::start(Look::DESKTOP) else { return };
    let server = server();
    for (page, wanted) in [
        ("/forgot/member", &["username", "submit"][..]),
        (
            "/change/member",
            &[
                "username",
                "current_password",
                "show current_password",
                "new_password",
                "show new_password",
                "confirm_password",
                "show confirm_password",
                "submit",
            ],
        ),
    ] {
        browser.open(&server.url(page));
        follows(&browser, wanted);
    }
    browser.open(&link(&server, "member"));
    // The login's field is there for password managers only.
    follows(
        &browser,
        &["new_password", "show new_password", "confirm_password", "show confirm_password", "submit"],
    );
}

/// Checks in which order Tab meets what is inside of `main`, and that each stop is in view and is seen to have the focus.
fn follows(browser: &Browser, wanted: &[&str]) {
    let met = browser.tab_order();
    let mut at = met.iter();
    for one in wanted {
        assert!(at.any(|stop| stop == one), "{one} in {met:?}");
    }
    browser.run("document.activeElement.blur(); getSelection().removeAllRanges(); scrollTo(0, 0)", &[]);
    for stop in &met {
        browser.press_tab();
        let seen =
            "const e = document.activeElement, style = getComputedStyle(e), box = e.getBoundingClientRect();
            return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2
                && box.top >= 0 && box.bottom <= innerHeight && box.left >= 0 && box.right <= innerWidth";
        assert_eq!(browser.run(seen, &[]), true, "{stop} is seen to have the focus");
    }
}

#[test]
fn a_narrow_or_magnified_page_does_not_scroll_sideways() {
    let Some(browser) = Browser::start(Look::PHONE) else { return };
    let server = server();
    let link = link(&server, "dealer");
    for language in ["en", "de", "es", "fr", "pt", "ru", "ar", "ja"] {
        for page in
            ["/forgot/dealer", "/forgot/dealer/sent", "/change/dealer", "/change/dealer/done", "/nowhere"]
        {
            browser.open(&server.url(&format!("{page}?lang={language}")));
            fits(&browser);
        }
        browser.open(&format!("{link}&lang={language}"));
        fits(&browser);
        browser.type_into("#new_password", "12345");
        browser.follow("main button[type=submit]");
        fits(&browser);
    }
}

/// 320 CSS pixels is what is left of a window of 640 at 200 %, and of one of 1,280 at 400 % (WCAG 1.4.10).
fn fits(browser: &Browser) {
    for (width, height, zoom) in [(320, 640, 1), (320, 450, 2)] {
        browser.resize_and_zoom(width, height, zoom);
        is_well(browser);
    }
}

#[test]
fn text_of_twice_the_size_fits() {
    let Some(browser) = Browser::start(Look::PHONE) else { return };
    let server = server();
    for page in ["/forgot/member", "/change/member"] {
        browser.open(&server.url(page));
        browser.run("document.documentElement.style.fontSize = '200%'", &[]);
        is_well(&browser);
    }
}

#[test]
fn a_refused_form_speaks_up() {
    let Some(browser) = Browser::start(Look::PHONE) else { return };
    let server = server();
    browser.open(&server.url("/change/member"));
    assert_eq!(browser.attribute("#announce", "role"), "status");
    assert_eq!(browser.attribute("#announce", "aria-live"), "polite");
    assert_eq!(browser.text("#announce"), "", "it is quiet before anybody types");
    browser.follow("main button[type=submit]");
    assert_eq!(browser.focus(), "summary", "reading goes on at the summary");
    assert!(browser.text("title").starts_with("Error: "));
}

#[test]
fn targets_are_large_enough_for_a_thumb() {
    let Some(browser) = Browser::start(Look::PHONE) else { return };
    let server = server();
    browser.open(&server.url("/change/member"));
    // WCAG 2.5.8 asks for 24 pixels; a thumb likes 40.
    let script = "return [...document.querySelectorAll('main button, main input')]
        .filter(e => e.checkVisibility() && e.type !== 'hidden' && e.getBoundingClientRect().height < 40)
        .map(e => `${e.outerHTML}: ${e.getBoundingClientRect().height}`)";
    assert_eq!(browser.run(script, &[]), serde_json::json!([]));
}
