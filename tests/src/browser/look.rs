/// Who looks at a page: on what screen, in what language, with what switched off.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// The width of the page, in CSS pixels.
    pub width: u32,
    /// The height of what is seen of it, in CSS pixels.
    pub height: u32,
    /// The only language that the browser asks for.
    pub language: &'static str,
    /// Whether scripts of pages run.
    pub scripts: bool,
    /// Whether dark pages are preferred.
    pub dark: bool,
}

impl Look {
    /// A desktop's window, English, light, with scripts.
    pub const DESKTOP: Self = Self { width: 1280, height: 900, language: "en", scripts: true, dark: false };

    /// A small phone, English, light, with scripts.
    pub const PHONE: Self = Self { width: 360, height: 740, ..Self::DESKTOP };

    /// Asks for another language.
    #[must_use]
    pub const fn speaking(self, language: &'static str) -> Self {
        Self { language, ..self }
    }

    /// Switches scripts off.
    #[must_use]
    pub const fn without_scripts(self) -> Self {
        Self { scripts: false, ..self }
    }

    /// Prefers dark pages.
    #[must_use]
    pub const fn in_the_dark(self) -> Self {
        Self { dark: true, ..self }
    }
}
