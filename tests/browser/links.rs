//! Links that do not work, and where people go from there.

use acceptance::{Browser, Look, Options, eventually, form};

use crate::cast::{NEW, is_well, link, server, server_with};

/// Opens a link, fills in the form, and meets a page that leads to a new link.
fn leads_to_a_new_one(browser: &Browser, link: &str) {
    browser.open(link);
    assert!(browser.has("#new_password"), "opening a link tells nothing about it");
    browser.type_into("#new_password", NEW);
    browser.type_into("#confirm_password", NEW);
    browser.enter("#confirm_password");
    is_well(browser);
    assert!(!browser.has("#new_password"), "there is nothing to try again");
    browser.follow("main a[href*='/forgot/']");
    assert_eq!(browser.path(), "/forgot/user");
    is_well(browser);
}

#[test]
fn a_used_link_leads_to_a_new_one() {
    let Some(browser) = Browser::start(Look::PHONE) else { return };
    let server = server();
    let link = link(&server, "user");
    browser.open(&link);
    browser.type_into("#new_password", NEW);
    browser.type_into("#confirm_password", NEW);
    browser.enter("#confirm_password");
    assert_eq!(browser.path(), "/reset/user/done");
    leads_to_a_new_one(&browser, &link);
}

#[test]
fn an_expired_link_leads_to_a_new_one() {
    let Some(browser) = Browser::start(Look::PHONE.without_scripts()) else { return };
    let tables = "[realms.user]\nreset_ttl = \"1s\"".to_owned();
    let server = server_with(&Options { tables, ..Options::default() });
    let link = link(&server, "user");
    let (page, hash) = link.split_once("?hash=").expect("the link has a hash");
    // A form that a live link refuses for the password keeps its fields; a dead link's page has none.
    eventually("the link expires", || {
        let answer = form(page, &[], &[("hash", hash), ("new_password", "x"), ("confirm_password", "x")]);
        (!answer.body.contains("new_password")).then_some(())
    });
    leads_to_a_new_one(&browser, &link);
}

#[test]
fn a_link_that_was_cut_leads_to_a_new_one() {
    let Some(browser) = Browser::start(Look::DESKTOP) else { return };
    let server = server();
    let link = link(&server, "user");
    leads_to_a_new_one(&browser, &link[..link.len() - 4]);
}
