use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::Look;
use super::driver::Driver;
use crate::eventually;

/// The key that moves the focus on, as WebDriver writes it.
const TAB: &str = "\u{e004}";
/// The key that submits, as WebDriver writes it.
const ENTER: &str = "\u{e007}";

/// A browser that shows one page.
#[derive(Debug)]
pub struct Browser {
    driver: Driver,
}

impl Browser {
    /// Starts a browser; `None` where there is none, which it says.
    ///
    /// # Panics
    ///
    /// Where it does not come up, or there is none and `REQUIRE_SERVICES` is `1`.
    pub fn start(look: Look) -> Option<Self> {
        let browser = Self { driver: Driver::start(&look)? };
        browser.resize(look.width, look.height);
        browser.prefer(look.dark);
        Some(browser)
    }

    /// Opens an address and waits until it is loaded.
    ///
    /// # Panics
    ///
    /// Where the browser cannot be asked, like every command below.
    pub fn open(&self, url: &str) {
        self.driver.post("/url", &json!({ "url": url })).expect("the page opens");
    }

    /// Returns the address that the page has.
    pub fn url(&self) -> String {
        text(&self.driver.get("/url").expect("the page has an address"))
    }

    /// Returns the path of the page's address, without the query.
    pub fn path(&self) -> String {
        text(&self.run("return location.pathname", &[]))
    }

    /// Runs the body of a function in the page and returns what it returns. It runs where the page's own scripts are
    /// off, too.
    pub fn run(&self, script: &str, arguments: &[Value]) -> Value {
        self.try_run(script, arguments).unwrap_or_else(|error| panic!("{error}"))
    }

    fn try_run(&self, script: &str, arguments: &[Value]) -> Result<Value, String> {
        self.driver.post("/execute/sync", &json!({ "script": script, "args": arguments }))
    }

    /// Runs the body of a function that calls its last argument with the result.
    pub fn run_to_the_end(&self, script: &str, arguments: &[Value]) -> Value {
        self.driver
            .post("/execute/async", &json!({ "script": script, "args": arguments }))
            .unwrap_or_else(|error| panic!("{error}"))
    }

    /// Tells whether a selector finds something that is on display.
    pub fn shows(&self, selector: &str) -> bool {
        let script = "return [...document.querySelectorAll(arguments[0])].some(e => e.checkVisibility({ visibilityProperty: true }))";
        self.try_run(script, &[json!(selector)]) == Ok(Value::Bool(true))
    }

    /// Tells whether a selector finds anything.
    pub fn has(&self, selector: &str) -> bool {
        self.run("return document.querySelector(arguments[0]) !== null", &[json!(selector)])
            == Value::Bool(true)
    }

    /// Waits until a selector finds something that is on display.
    pub fn wait_for(&self, selector: &str) {
        eventually(selector, || self.shows(selector).then_some(()));
    }

    /// Returns the text of the first element that a selector finds; empty where there is none.
    pub fn text(&self, selector: &str) -> String {
        text(&self.run(
            "return document.querySelector(arguments[0])?.textContent.replace(/\\s+/g, ' ').trim() ?? ''",
            &[json!(selector)],
        ))
    }

    /// Returns the texts of all elements that a selector finds.
    pub fn texts(&self, selector: &str) -> Vec<String> {
        let script = "return [...document.querySelectorAll(arguments[0])].map(e => e.textContent.replace(/\\s+/g, ' ').trim())";
        list(&self.run(script, &[json!(selector)]))
    }

    /// Returns an attribute of the first element that a selector finds; empty where there is none.
    pub fn attribute(&self, selector: &str, name: &str) -> String {
        let script = "return document.querySelector(arguments[0])?.getAttribute(arguments[1]) ?? ''";
        text(&self.run(script, &[json!(selector), json!(name)]))
    }

    /// Returns what is typed into a field.
    pub fn value(&self, selector: &str) -> String {
        text(&self.run("return document.querySelector(arguments[0]).value", &[json!(selector)]))
    }

    /// Types into a field, as hands do, after what is there.
    pub fn type_into(&self, selector: &str, what: &str) {
        let element = self.element(selector);
        self.driver
            .post(&format!("/element/{element}/value"), &json!({ "text": what }))
            .unwrap_or_else(|error| panic!("{selector}: {error}"));
    }

    /// Empties a field and types into it.
    pub fn fill(&self, selector: &str, what: &str) {
        let element = self.element(selector);
        self.driver
            .post(&format!("/element/{element}/clear"), &json!({}))
            .unwrap_or_else(|error| panic!("{selector}: {error}"));
        self.type_into(selector, what);
    }

    /// Clicks on what a selector finds.
    pub fn click(&self, selector: &str) {
        let element = self.element(selector);
        self.driver
            .post(&format!("/element/{element}/click"), &json!({}))
            .unwrap_or_else(|error| panic!("{selector}: {error}"));
    }

    /// Clicks on what leads to another page, and waits for it.
    pub fn follow(&self, selector: &str) {
        self.leave(|| self.click(selector));
    }

    /// Presses Enter in a field, which submits its form, and waits for the answer.
    pub fn enter(&self, selector: &str) {
        self.leave(|| self.type_into(selector, ENTER));
    }

    /// Does what leads to another page, and waits until that is loaded.
    fn leave(&self, act: impl FnOnce()) {
        self.run("window.isTheOldPage = true", &[]);
        act();
        let arrived = "return window.isTheOldPage === undefined && document.readyState === 'complete'";
        eventually("the next page", || (self.try_run(arrived, &[]) == Ok(Value::Bool(true))).then_some(()));
    }

    fn element(&self, selector: &str) -> String {
        let found = self
            .driver
            .post("/element", &json!({ "using": "css selector", "value": selector }))
            .unwrap_or_else(|error| panic!("{selector}: {error}"));
        let name = found.as_object().and_then(|found| found.values().next()).expect("the element has a name");
        text(name)
    }

    /// Returns what the keyboard meets, from the page's beginning to its end, as [`focus`](Self::focus) names it.
    pub fn tab_order(&self) -> Vec<String> {
        self.run("document.activeElement.blur(); getSelection().removeAllRanges(); scrollTo(0, 0)", &[]);
        let mut order = Vec::new();
        loop {
            self.press_tab();
            let met = self.focus();
            if met.is_empty() || order.contains(&met) || order.len() > 50 {
                return order;
            }
            order.push(met);
        }
    }

    /// Returns the id of what has the focus, or `submit`, or `show` and the field that is shown, or the text; empty
    /// where nothing has it.
    pub fn focus(&self) -> String {
        let script = "const e = document.activeElement;
            if (!e || e === document.body || e === document.documentElement) return '';
            if (e.matches('.reveal')) return 'show ' + e.getAttribute('aria-controls');
            return e.id || (e.type === 'submit' ? 'submit' : e.textContent.replace(/\\s+/g, ' ').trim())";
        text(&self.run(script, &[]))
    }

    /// Moves the focus on, as the Tab key does.
    pub fn press_tab(&self) {
        self.press(TAB);
    }

    /// Presses a key and lets it go, wherever the focus is.
    fn press(&self, key: &str) {
        let keys = json!([{ "type": "keyDown", "value": key }, { "type": "keyUp", "value": key }]);
        let actions = json!({ "actions": [{ "type": "key", "id": "keyboard", "actions": keys }] });
        self.driver.post("/actions", &actions).expect("a key is pressed");
    }

    /// Gives the page another size, in CSS pixels.
    pub fn resize(&self, width: u32, height: u32) {
        self.resize_and_zoom(width, height, 1);
    }

    /// Gives the page a size in CSS pixels and each of them so many pixels of the screen, as zooming does.
    pub fn resize_and_zoom(&self, width: u32, height: u32, zoom: u32) {
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": zoom, "mobile": false });
        self.devtools("Emulation.setDeviceMetricsOverride", &size);
    }

    /// Prefers dark or light pages from now on.
    pub fn prefer(&self, dark: bool) {
        let scheme = if dark { "dark" } else { "light" };
        let features = json!([
            { "name": "prefers-color-scheme", "value": scheme },
            // A picture in the middle of a movement shows neither state.
            { "name": "prefers-reduced-motion", "value": "reduce" },
        ]);
        self.devtools("Emulation.setEmulatedMedia", &json!({ "features": features }));
    }

    /// Keeps what matches a pattern (`*` is anything) from being loaded, as a bad connection does.
    pub fn block(&self, pattern: &str) {
        self.devtools("Network.enable", &json!({}));
        self.devtools("Network.setBlockedURLs", &json!({ "urls": [pattern] }));
    }

    fn devtools(&self, command: &str, parameters: &Value) -> Value {
        self.driver
            .post("/goog/cdp/execute", &json!({ "cmd": command, "params": parameters }))
            .unwrap_or_else(|error| panic!("{command}: {error}"))
    }

    /// Returns what lies beyond the page's right or left edge: the elements that make it scroll sideways.
    pub fn overflow(&self) -> Vec<String> {
        let script = "const width = document.documentElement.clientWidth;
            if (document.documentElement.scrollWidth <= width) return [];
            return [...document.body.querySelectorAll('*')]
                .filter(e => { const box = e.getBoundingClientRect(); return box.right > width + 1 || box.left < -1 })
                .map(e => e.outerHTML.slice(0, 120)).concat('the page scrolls sideways')";
        list(&self.run(script, &[]))
    }

    /// Returns what the browser has complained of since it was last asked: refused by a content policy, failed to
    /// load, thrown by a script. That a page itself is a 4xx is no complaint.
    pub fn complaints(&self) -> Vec<String> {
        let page = self.url();
        let log = self.driver.post("/se/log", &json!({ "type": "browser" })).expect("a log");
        let lines = log.as_array().expect("a list").iter();
        lines
            .filter(|line| matches!(line["level"].as_str(), Some("SEVERE" | "WARNING")))
            .map(|line| text(&line["message"]))
            .filter(|message| !is_about_the_page_itself(message, &page))
            .collect()
    }

    /// Takes a picture of the whole page, as PNG.
    pub fn picture(&self) -> Vec<u8> {
        let size = self
            .run("return [innerWidth, Math.max(innerHeight, document.documentElement.scrollHeight)]", &[]);
        let clip = json!({ "x": 0, "y": 0, "width": size[0], "height": size[1], "scale": 1 });
        let wanted = json!({ "format": "png", "captureBeyondViewport": true, "clip": clip });
        let picture = self.devtools("Page.captureScreenshot", &wanted);
        STANDARD.decode(text(&picture["data"])).expect("a picture")
    }
}

/// Recognises what Chromium says where a page was answered with 4xx, and only that.
fn is_about_the_page_itself(message: &str, page: &str) -> bool {
    let path = |url: &str| url.split(['?', '#']).next().map(str::to_owned);
    message.split(" - ").next().is_some_and(|about| path(about) == path(page))
        && message.contains("the server responded with a status of 4")
}

fn text(value: &Value) -> String {
    value.as_str().map(str::to_owned).unwrap_or_default()
}

fn list(value: &Value) -> Vec<String> {
    value.as_array().map(|values| values.iter().map(text).collect()).unwrap_or_default()
}
