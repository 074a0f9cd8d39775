use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::{Look, skip};

/// One process of chromedriver with one session of Chromium, both gone when it is dropped.
#[derive(Debug)]
pub(super) struct Driver {
    process: Child,
    agent: ureq::Agent,
    session: String,
    // Last, so that the browser has left it when it goes.
    _profile: TempDir,
}

impl Driver {
    /// Starts both; `None` where one of them is not installed, which it says.
    pub(super) fn start(look: &Look) -> Option<Self> {
        let (Some(chromium), Some(chromedriver)) = (find("chromium"), find("chromedriver")) else {
            skip("Chromium");
            return None;
        };
        let mut process = Command::new(chromedriver)
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver starts");
        let port = port(&mut process);
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(60)))
            .build()
            .into();
        let profile = tempfile::tempdir().expect("a temporary folder");
        let server = format!("http://127.0.0.1:{port}/session");
        let mut driver = Self { process, agent, session: server, _profile: profile };
        let wanted = capabilities(look, &chromium, driver._profile.path());
        let session = driver.post("", &wanted).expect("Chromium starts");
        let id = session["sessionId"].as_str().expect("the session has a name");
        driver.session = format!("{}/{id}", driver.session);
        Some(driver)
    }

    /// Gives a command of the session.
    pub(super) fn post(&self, path: &str, body: &Value) -> Result<Value, String> {
        let response = self.agent.post(format!("{}{path}", self.session)).send_json(body);
        answer(response)
    }

    /// Asks something of the session.
    pub(super) fn get(&self, path: &str) -> Result<Value, String> {
        answer(self.agent.get(format!("{}{path}", self.session)).call())
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // Ends the browser; the driver alone would leave it behind.
        let _ = self.agent.delete(&self.session).call();
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Returns what a command led to, or the error's name and message.
fn answer(response: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Result<Value, String> {
    let mut response = response.map_err(|error| error.to_string())?;
    // A picture or a report is longer than what is read without a limit of one's own.
    let text = response
        .body_mut()
        .with_config()
        .limit(64 << 20)
        .read_to_string()
        .map_err(|error| error.to_string())?;
    let mut whole: Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    let value = whole["value"].take();
    if response.status().is_success() {
        Ok(value)
    } else {
        let of = |key: &str| value[key].as_str().unwrap_or_default().to_owned();
        Err(format!("{}: {}", of("error"), of("message")))
    }
}

/// Reads from chromedriver's first words on which port it listens, and lets it go on talking.
fn port(process: &mut Child) -> u16 {
    let mut lines = BufReader::new(process.stdout.take().expect("it has an output")).lines();
    let port = lines
        .by_ref()
        .map_while(Result::ok)
        .find_map(|line| line.strip_suffix('.')?.rsplit_once(" on port ")?.1.parse().ok())
        .expect("chromedriver names its port");
    std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
    port
}

fn capabilities(look: &Look, chromium: &Path, profile: &Path) -> Value {
    let mut arguments = vec![
        "--headless=new".to_owned(),
        "--disable-gpu".to_owned(),
        "--disable-dev-shm-usage".to_owned(),
        "--hide-scrollbars".to_owned(),
        "--force-color-profile=srgb".to_owned(),
        format!("--user-data-dir={}", profile.display()),
        format!("--accept-lang={}", look.language),
    ];
    // Chromium refuses to run as root inside its sandbox, and CI is root in a container.
    if is_root() {
        arguments.push("--no-sandbox".to_owned());
    }
    let mut preferences = json!({ "credentials_enable_service": false });
    if !look.scripts {
        preferences["profile.managed_default_content_settings.javascript"] = json!(2);
    }
    json!({ "capabilities": { "alwaysMatch": {
        "browserName": "chrome",
        "goog:chromeOptions": { "binary": chromium, "args": arguments, "prefs": preferences },
        "goog:loggingPrefs": { "browser": "ALL" },
    } } })
}

fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt as _;
    std::fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
}

fn find(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .chain([PathBuf::from("/usr/bin")])
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
}
