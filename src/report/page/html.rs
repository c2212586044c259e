//! HTML as it is written: elements are closed in the order in which they were opened, and every text and attribute is escaped, for a
//! spec's names are not to be trusted.

/// A text of HTML that grows.
#[derive(Debug, Default)]
pub(super) struct Html {
    text: String,
    open: Vec<&'static str>,
}

/// A text with the characters that HTML reads as its own written as references.
pub(super) fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}

impl Html {
    /// Opens an element. An attribute without a value is one that is there or not.
    pub(super) fn open(&mut self, tag: &'static str, attributes: &[(&str, &str)]) -> &mut Html {
        self.tag(tag, attributes);
        self.open.push(tag);
        self
    }

    /// Writes an element that has no inside.
    pub(super) fn void(&mut self, tag: &'static str, attributes: &[(&str, &str)]) -> &mut Html {
        self.tag(tag, attributes);
        self
    }

    fn tag(&mut self, tag: &'static str, attributes: &[(&str, &str)]) {
        self.text += "<";
        self.text += tag;
        for (name, value) in attributes {
            self.text += " ";
            self.text += name;
            if !value.is_empty() {
                self.text += "=\"";
                self.text += &escaped(value);
                self.text += "\"";
            }
        }
        self.text += ">";
    }

    /// Closes the element that was opened last.
    pub(super) fn close(&mut self) -> &mut Html {
        let tag = self.open.pop().expect("an open element");
        self.text += "</";
        self.text += tag;
        self.text += ">";
        self
    }

    /// Writes a text.
    pub(super) fn text(&mut self, text: &str) -> &mut Html {
        self.text += &escaped(text);
        self
    }

    /// Writes an element with nothing but a text inside.
    pub(super) fn leaf(&mut self, tag: &'static str, attributes: &[(&str, &str)], text: &str) -> &mut Html {
        self.open(tag, attributes).text(text).close()
    }

    /// Ends a line of the file.
    pub(super) fn line(&mut self) -> &mut Html {
        self.text += "\n";
        self
    }

    /// Writes what is HTML already: a picture, a style sheet, a script.
    pub(super) fn raw(&mut self, html: &str) -> &mut Html {
        self.text += html;
        self
    }

    /// All of it.
    pub(super) fn finish(self) -> String {
        debug_assert!(self.open.is_empty(), "{:?} stay open", self.open);
        self.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_and_attributes_are_escaped() {
        let mut html = Html::default();
        html.open("p", &[("title", "a\"b'c"), ("hidden", "")]).leaf("b", &[], "<script>&").close();
        assert_eq!(html.finish(), "<p title=\"a&quot;b&#39;c\" hidden><b>&lt;script&gt;&amp;</b></p>");
    }
}
