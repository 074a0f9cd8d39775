use std::path::Path;

/// One mail from the mail folder.
#[derive(Clone, Debug)]
pub struct Mail {
    /// The whole file.
    pub raw: String,
}

impl Mail {
    /// Returns the mails of a folder, oldest first.
    pub fn all(folder: &Path) -> Vec<Self> {
        let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
        let mut files: Vec<_> = entries
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| path.extension().is_some_and(|extension| extension == "eml"))
            .collect();
        files.sort();
        files
            .iter()
            .filter_map(|path| {
                Some(Self { raw: String::from_utf8_lossy(&std::fs::read(path).ok()?).into_owned() })
            })
            .collect()
    }

    /// Returns the value of a header; empty where there is none.
    pub fn header(&self, name: &str) -> String {
        let head = self.raw.split("\r\n\r\n").next().unwrap_or_default();
        let prefix = format!("{}:", name.to_ascii_lowercase());
        head.lines()
            .find(|line| line.to_ascii_lowercase().starts_with(&prefix))
            .map(|line| line[prefix.len()..].trim().to_owned())
            .unwrap_or_default()
    }

    /// Tells whether the mail goes to an address.
    pub fn is_to(&self, address: &str) -> bool {
        self.header("To").contains(address)
    }

    /// Returns the reset link, which stands alone on its line; `None` where the mail has none.
    pub fn link(&self) -> Option<String> {
        self.raw
            .lines()
            .map(str::trim)
            .find(|line| line.starts_with("http") && line.contains("/reset/"))
            .map(str::to_owned)
    }

    /// Returns a query parameter of the reset link.
    ///
    /// # Panics
    ///
    /// Where the mail has no link or the link no such parameter.
    pub fn parameter(&self, name: &str) -> String {
        let link = self.link().expect("the mail has a link");
        let (_, query) = link.split_once('?').expect("the link has a query");
        query
            .split('&')
            .find_map(|pair| pair.strip_prefix(&format!("{name}=")))
            .unwrap_or_else(|| panic!("the link has no {name}"))
            .to_owned()
    }
}
