use std::path::PathBuf;

use serde_json::{Value, json};

use super::{Browser, skip};

/// Everything that WCAG 2.2 asks for at levels A and AA, and what axe holds to be good practice.
const TAGS: [&str; 6] = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/// The accessibility checker axe-core, which `npm install --prefix target/axe axe-core` puts there.
#[derive(Clone, Debug)]
pub struct Axe(String);

impl Axe {
    /// Loads it; `None` where it is not installed, which it says.
    pub fn load() -> Option<Self> {
        let script = std::fs::read_to_string(file()).ok();
        if script.is_none() {
            skip("axe-core in target/axe");
        }
        script.map(Self)
    }

    /// Returns what is wrong with the page that the browser shows, a line for each element.
    ///
    /// # Panics
    ///
    /// Where the checker does not come to an end.
    pub fn violations(&self, browser: &Browser) -> Vec<String> {
        browser.run(&format!("{}; window.axe = axe", self.0), &[]);
        let found = browser.run_to_the_end(
            "const [tags, done] = arguments;
             axe.run(document, { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'] })
                .then(({ violations, passes }) => done({ passes: passes.length, violations: violations.flatMap(
                    ({ id, help, nodes }) => nodes.map(node => `${id}: ${help}: ${node.html}: ${node.failureSummary}`)
                ) }), error => done({ passes: 0, violations: [String(error)] }));",
            &[json!(TAGS)],
        );
        assert!(found["passes"].as_u64() > Some(5), "axe has looked at the page: {found}");
        let lines = found["violations"].as_array().expect("a list");
        lines.iter().filter_map(Value::as_str).map(str::to_owned).collect()
    }
}

fn file() -> PathBuf {
    let test = std::env::current_exe().expect("the test has a path");
    let target = test.ancestors().nth(3).expect("the test lies in target/<profile>/deps");
    target.join("axe/node_modules/axe-core/axe.min.js")
}
