use std::time::Duration;

use password_mailer_smtp::{ConfigError, MailConfig, SmtpConfig, Transport, mailer};

use crate::message::config;

fn refused(config: MailConfig) -> ConfigError {
    mailer(config).map(|_| ()).unwrap_err()
}

#[test]
fn a_public_url_that_carries_no_links_is_refused() {
    for url in ["ftp://example.org", "mailto:a@b.de", "https://example.org/?a"] {
        let mut config = config(Transport::None);
        config.public_url = url.parse().unwrap();
        assert!(matches!(refused(config), ConfigError::PublicUrl(_)), "{url}");
    }
}

#[test]
fn a_sender_or_contact_with_a_line_end_is_refused() {
    for from in ["", "Accounts", "A\r\nBcc: b@c.de <a@b.de>", "a@b.de\n", "\n<a@b.de>", "A\u{2028}<a@b.de>"] {
        let mut config = config(Transport::None);
        config.from = from.to_owned();
        assert!(matches!(refused(config), ConfigError::From(_)), "{from:?}");
    }
    let mut config = config(Transport::None);
    config.contact = Some("a\nb".to_owned());
    assert!(matches!(refused(config), ConfigError::Contact));
}

#[test]
fn a_brand_that_can_not_be_shown_is_refused() {
    let mut config = config(Transport::None);
    config.brand.name = Some("a\r\nb".to_owned());
    assert!(matches!(refused(config.clone()), ConfigError::BrandName));
    config.brand.name = None;
    config.brand.colour = Some("red;background:url(//evil.example)".to_owned());
    assert!(matches!(refused(config), ConfigError::BrandColour));
}

#[test]
fn a_timeout_that_the_port_can_not_keep_is_refused() {
    for timeout in [Duration::ZERO, Duration::from_secs(26)] {
        let smtp = SmtpConfig { plain: true, timeout, ..SmtpConfig::new("smtp://localhost") };
        assert!(matches!(refused(config(Transport::Smtp(smtp))), ConfigError::Timeout));
    }
}

#[test]
fn a_file_without_certificates_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("ca.pem");
    let smtp = |path: &std::path::Path| SmtpConfig {
        ca_file: Some(path.to_owned()),
        ..SmtpConfig::new("smtp://localhost")
    };
    assert!(matches!(refused(config(Transport::Smtp(smtp(&path)))), ConfigError::CaFile { .. }));
    for content in ["", "-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----\n"] {
        std::fs::write(&path, content).unwrap();
        assert!(matches!(
            refused(config(Transport::Smtp(smtp(&path)))),
            ConfigError::CaFile { .. } | ConfigError::Tls(_)
        ));
    }
}

#[test]
fn no_configuration_tells_its_password() {
    let smtp = SmtpConfig::new("smtp://user:hunter22@mail.example.org/path");
    let config = config(Transport::Smtp(smtp));
    assert!(!format!("{config:?}").contains("hunter22"));
    let error = refused(config);
    assert!(!format!("{error:?} {error}").contains("hunter22"));
}
