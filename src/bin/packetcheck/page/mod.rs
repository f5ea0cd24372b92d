//! The frame of all HTML pages: a single file that is also XML, loads nothing and runs no script, follows the reader's
//! light or dark mode, and can be printed.

use packetcheck::diagnostic::render::markup;

const STYLE: &str = include_str!("style.css");

/// A page. Everything except the title is HTML.
pub(crate) struct Page<'a> {
    /// Text, for the title bar.
    pub(crate) title: &'a str,
    pub(crate) heading: &'a str,
    /// The summary, in a sentence or two.
    pub(crate) summary: &'a str,
    /// The target of the skip link for keyboard users: the ID of the element, and the label of the link.
    pub(crate) skip: (&'a str, &'a str),
    /// Its styles in addition to those of all pages.
    pub(crate) style: &'a str,
    pub(crate) main: &'a str,
}

impl Page<'_> {
    pub(crate) fn draw(&self) -> String {
        let Page { heading, summary, skip: (place, skip), style, main, .. } = self;
        let title = markup(self.title);
        format!(
            "<!DOCTYPE html>\n\
             <html lang=\"en\" xmlns=\"http://www.w3.org/1999/xhtml\">\n\
             <head>\n\
             <meta charset=\"utf-8\"/>\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n\
             <meta name=\"color-scheme\" content=\"light dark\"/>\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\"/>\n\
             <title>{title}</title>\n\
             <style>\n{STYLE}{style}</style>\n\
             </head>\n\
             <body>\n\
             <a class=\"skip\" href=\"#{place}\">{skip}</a>\n\
             <header>\n<h1>{heading}</h1>\n<p>{summary}</p>\n</header>\n\
             <main>\n{main}</main>\n\
             </body>\n\
             </html>\n"
        )
    }
}
