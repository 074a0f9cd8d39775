//! What the pages look like: the operator's brand and templates, read once before anything is served.

use std::fs;

use password_http_actix::{Brand, Logo, Templates};

use crate::config::{self, Config};
use crate::failure::Failure;

/// Tells whether the pages could be served.
///
/// # Errors
///
/// [`Failure`] naming the key and the file.
pub(crate) fn check(config: &Config) -> Result<(), Failure> {
    brand(&config.brand)?;
    templates(&config.pages)?;
    Ok(())
}

/// Reads what an operator says of the service's look.
pub(super) fn brand(brand: &config::Brand) -> Result<Brand, Failure> {
    let logo = brand.logo.as_ref().map(|path| {
        let wrong =
            |error: &dyn std::fmt::Display| Failure::new(format!("brand.logo: {}: {error}", path.display()));
        Logo::new(fs::read(path).map_err(|error| wrong(&error))?).map_err(|error| wrong(&error))
    });
    Ok(Brand {
        name: brand.name.clone(),
        colour: brand.colour.parse().map_err(|error| Failure::new(format!("brand.colour: {error}")))?,
        support: brand.support.clone(),
        logo: logo.transpose()?,
    })
}

/// Reads an operator's own templates; those that are compiled in where there are none.
pub(super) fn templates(pages: &config::Pages) -> Result<Templates, Failure> {
    pages.templates.as_ref().map_or_else(
        || Ok(Templates::default()),
        |folder| {
            Templates::from_folder(folder)
                .map_err(|error| Failure::new(format!("pages.templates: {}: {error}", folder.display())))
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_shown_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, text: &str| {
            let path = folder.path().join(name);
            fs::write(&path, text).unwrap();
            path
        };
        let (logo, text) = (file("logo.svg", "<svg/>"), file("logo.txt", "no picture"));
        let with_logo = |path| Config {
            brand: config::Brand { logo: Some(path), ..config::Brand::default() },
            ..Config::default()
        };
        assert!(check(&Config::default()).is_ok());
        assert!(check(&with_logo(logo)).is_ok());
        for (path, words) in [
            (text, "it is neither SVG nor PNG, JPEG or WebP"),
            (folder.path().join("missing.png"), "No such file"),
        ] {
            let failure = check(&with_logo(path)).unwrap_err();
            let message = failure.text();
            assert!(message.starts_with("brand.logo: ") && message.contains(words), "{message}");
        }
        let pages = config::Pages { templates: Some(folder.path().to_owned()) };
        let failure = check(&Config { pages, ..Config::default() }).unwrap_err();
        let message = failure.text();
        assert!(message.starts_with("pages.templates: ") && message.contains("logo."), "{message}");
    }
}
