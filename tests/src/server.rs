use std::fs::File;
use std::io::Write;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use tempfile::TempDir;

use crate::{Backend, Database, Mail, Reply, client, eventually};

/// How a server differs from the usual one of a test, which hashes weakly and has its limits off.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// More lines for the top of the configuration file, before the first table.
    pub keys: String,
    /// More tables for the configuration file.
    pub tables: String,
    /// Whether attempts are limited.
    pub limits: bool,
    /// Another mail section than a folder.
    pub mail: Option<String>,
    /// Another hashing section than the weak one.
    pub hashing: Option<String>,
    /// More keys of the section `http`.
    pub http: String,
    /// Another binary than the one that the workspace's build has put beside the tests.
    pub binary: Option<PathBuf>,
    /// Where the server's folder is made, instead of the system's place for temporary files, which may be memory.
    pub place: Option<PathBuf>,
}

/// One process of the binary, with a folder and a database of its own.
#[derive(Debug)]
pub struct Server {
    process: Option<Child>,
    binary: PathBuf,
    /// Where it listens, without a trailing slash.
    pub base: String,
    /// Host and port.
    pub address: String,
    /// Its database.
    pub database: Database,
    // Last, so that it outlives the process and the database.
    folder: TempDir,
}

impl Server {
    /// Migrates a new database and starts the usual server on it.
    pub fn start(backend: Backend) -> Self {
        Self::start_with(backend, &Options::default())
    }

    /// Migrates a new database and starts a server on it.
    ///
    /// # Panics
    ///
    /// Where it does not come up.
    pub fn start_with(backend: Backend, options: &Options) -> Self {
        let mut server = Self::prepare(backend, options);
        server.expect(&["migrate"], "");
        server.launch();
        server
    }

    /// Writes the configuration for a server on a new database, without migrating or starting anything.
    ///
    /// # Panics
    ///
    /// Where the folder cannot be written.
    pub fn prepare(backend: Backend, options: &Options) -> Self {
        let folder = Self::new_folder(options);
        let database = backend.create(folder.path());
        let server = Self::in_folder(folder, database, options);
        server.write_config(options);
        server
    }

    fn new_folder(options: &Options) -> TempDir {
        let made = options.place.as_ref().map_or_else(tempfile::tempdir, tempfile::tempdir_in);
        made.expect("a temporary folder")
    }

    fn in_folder(folder: TempDir, database: Database, options: &Options) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("its address").to_string();
        drop(listener);
        let binary = options.binary.clone().unwrap_or_else(binary);
        Self { process: None, binary, base: format!("http://{address}"), address, database, folder }
    }

    /// Writes the configuration again, for the next [`launch`](Self::launch).
    ///
    /// # Panics
    ///
    /// Where the file cannot be written.
    pub fn write_config(&self, options: &Options) {
        let weak = "memory_kib = 64\niterations = 1\nallow_weak = true";
        let files = format!(
            "transport = \"file\"\nfile_dir = {:?}\nfrom = \"Accounts <no-reply@example.org>\"",
            self.mail_folder()
        );
        let text = format!(
            "listen = {:?}\npublic_url = {:?}\ndatabase_url = {:?}\nsecret = \"acceptance-secret-of-more-than-32-bytes\"\n{}\n\
             [mail]\n{}\n[hashing]\n{}\n[limits]\nenabled = {}\n[http]\n{}\n{}\n",
            self.address,
            self.base,
            self.database.url,
            options.keys,
            options.mail.as_deref().unwrap_or(&files),
            options.hashing.as_deref().unwrap_or(weak),
            options.limits,
            options.http,
            options.tables,
        );
        std::fs::write(self.config(), text).expect("the configuration is written");
    }

    /// Starts the process and waits until it is ready.
    ///
    /// # Panics
    ///
    /// Where it ends or is not ready in time.
    pub fn launch(&mut self) {
        self.spawn();
        eventually("the server is ready", || {
            let process = self.process.as_mut().expect("it was spawned");
            let ended = process.try_wait().expect("the process can be asked");
            assert!(ended.is_none(), "the server ended: {}", self.log());
            self.is_ready().then_some(())
        });
    }

    /// Starts the process and does not wait for it.
    ///
    /// # Panics
    ///
    /// Where there is no such binary.
    pub fn spawn(&mut self) {
        let log = File::options().create(true).append(true).open(self.log_file()).expect("a log file");
        let process = self
            .command(&["serve"])
            .stdin(Stdio::null())
            .stdout(log.try_clone().expect("the log file twice"))
            .stderr(log)
            .spawn()
            .expect("the binary starts");
        self.process = Some(process);
    }

    fn is_ready(&self) -> bool {
        std::net::TcpStream::connect(&self.address).is_ok() && self.get("/health/ready").status == 200
    }

    /// Starts a second server on the same database, with a port and a mail folder of its own.
    ///
    /// # Panics
    ///
    /// Where it does not come up.
    pub fn second(&self, options: &Options) -> Self {
        let mut second =
            Self::in_folder(Self::new_folder(options), Database::shared(&self.database), options);
        second.write_config(options);
        second.launch();
        second
    }

    /// Asks the process to end, as an orchestrator does, and waits for it. Returns whether it ended well.
    ///
    /// # Panics
    ///
    /// Where it does not end in time.
    pub fn terminate(&mut self) -> bool {
        let Some(mut process) = self.process.take() else { return true };
        let killed = Command::new("kill").args(["-TERM", &process.id().to_string()]).status();
        assert!(killed.expect("kill runs").success());
        eventually("the server ends after SIGTERM", || process.try_wait().expect("the process can be asked"))
            .success()
    }

    /// Kills the process without warning.
    pub fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            let _ = process.kill();
            let _ = process.wait();
        }
    }

    /// Returns the process's id.
    ///
    /// # Panics
    ///
    /// Where it does not run.
    pub fn process_id(&self) -> u32 {
        self.process.as_ref().expect("the server runs").id()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.binary);
        command.args(arguments).arg("--config").arg(self.config()).current_dir(self.folder.path());
        command
    }

    /// Runs a command of the binary.
    ///
    /// # Panics
    ///
    /// Where the binary cannot be run.
    pub fn run(&self, arguments: &[&str], input: &str) -> Output {
        let mut child = self
            .command(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        // A command that reads nothing may have ended already.
        let _ = child.stdin.take().expect("it has an input").write_all(input.as_bytes());
        child.wait_with_output().expect("it ends")
    }

    /// Runs a command that must succeed, and returns what it printed, without the line's end.
    ///
    /// # Panics
    ///
    /// Where it fails.
    pub fn expect(&self, arguments: &[&str], input: &str) -> String {
        let output = self.run(arguments, input);
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).trim_end().to_owned()
    }

    /// Adds an account that need not meet its policy; `more` are further flags.
    pub fn add(&self, realm: &str, login: &str, email: &str, password: &str, more: &[&str]) {
        let mut arguments = vec![
            "account",
            "add",
            "--realm",
            realm,
            "--login",
            login,
            "--email",
            email,
            "--skip-policy",
            "--password-stdin",
        ];
        arguments.extend_from_slice(more);
        self.expect(&arguments, password);
    }

    /// Issues a session hash (user, dealer) or an access token (member).
    pub fn session(&self, realm: &str, login: &str) -> String {
        self.expect(&["session", "issue", "--realm", realm, "--login", login], "")
    }

    /// Registers a client application and returns its key.
    pub fn client_key(&self) -> String {
        self.expect(&["client", "create", "--name", "acceptance"], "")
    }

    /// Returns the address of a path.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// Gets a path.
    pub fn get(&self, path: &str) -> Reply {
        client::raw("GET", &self.url(path), &[], b"")
    }

    /// Posts JSON to a path.
    pub fn post(&self, path: &str, body: &serde_json::Value) -> Reply {
        client::json(&self.url(path), &[], body)
    }

    /// Waits for the `count`-th mail (from 1) to an address.
    pub fn mail_to(&self, address: &str, count: usize) -> Mail {
        eventually(&format!("mail {count} to {address}"), || {
            self.mails_to(address).into_iter().nth(count - 1)
        })
    }

    /// Waits for the `count`-th mail (from 1) with a reset link to an address.
    pub fn reset_mail_to(&self, address: &str, count: usize) -> Mail {
        eventually(&format!("reset mail {count} to {address}"), || {
            self.mails_to(address).into_iter().filter(|mail| mail.link().is_some()).nth(count - 1)
        })
    }

    /// Returns the mails to an address so far, oldest first.
    pub fn mails_to(&self, address: &str) -> Vec<Mail> {
        Mail::all(&self.mail_folder()).into_iter().filter(|mail| mail.is_to(address)).collect()
    }

    /// Returns the folder that mails are put into.
    pub fn mail_folder(&self) -> PathBuf {
        self.folder.path().join("mail")
    }

    /// Returns the server's own folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Returns all that the server has logged.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.log_file()).unwrap_or_default()
    }

    fn log_file(&self) -> PathBuf {
        self.folder.path().join("server.log")
    }

    fn config(&self) -> PathBuf {
        self.folder.path().join("acceptance.toml")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
        if std::thread::panicking() {
            eprintln!("the server's log:\n{}", self.log());
        }
    }
}

/// Returns the binary that the workspace's build has put beside the tests.
fn binary() -> PathBuf {
    let test = std::env::current_exe().expect("the test has a path");
    let target = test.ancestors().nth(2).expect("the test lies in target/<profile>/deps");
    let binary = target.join(format!("server{}", std::env::consts::EXE_SUFFIX));
    assert!(binary.exists(), "{} is missing: build the workspace first", binary.display());
    binary
}
