//! Addresses: parsing of what an operator typed, and resolution of control addresses the way cameras
//! mean them (appended to the base, RFC 2326 appendix C.1.1 as practised) with the textbook way second.

/// An address `rtsp://host[:port]/path`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RtspUrl {
    /// Without brackets.
    pub host: String,
    pub port: u16,
    /// As requests name it; holds no credentials, blanks or control characters.
    pub text: String,
}

impl RtspUrl {
    /// `Err` is a sentence that says what to do.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let rest = strip_scheme(text).ok_or_else(|| format!("`{}` is no rtsp:// address", shown(text)))?;
        let split = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at(split);
        if authority.contains('@') {
            return Err(
                "user and password do not belong into the address: give them in their own fields".into()
            );
        }
        let (host, port) = split_port(authority)
            .ok_or_else(|| format!("the address names no usable host or port: `{}`", shown(authority)))?;
        if text.len() <= 2048 {
            let text = format!("rtsp://{authority}{}", escaped(path));
            if text.len() <= 2048 {
                return Ok(Self { host, port, text });
            }
        }
        Err("the address is longer than 2048 bytes".into())
    }

    /// Whether a redirect or base address stays on this host.
    pub fn is_same_host(&self, other: &Self) -> bool {
        self.host.eq_ignore_ascii_case(&other.host)
    }
}

fn shown(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_control()).take(80).collect()
}

fn strip_scheme(text: &str) -> Option<&str> {
    let (scheme, rest) = text.split_once("://")?;
    matches!(scheme.to_ascii_lowercase().as_str(), "rtsp" | "rtspu" | "rtspt").then_some(rest)
}

fn split_port(authority: &str) -> Option<(String, u16)> {
    let (host, port) = match authority.strip_prefix('[') {
        Some(rest) => {
            let (host, after) = rest.split_once(']')?;
            (host, after.strip_prefix(':').unwrap_or(after))
        }
        None => authority.split_once(':').unwrap_or((authority, "")),
    };
    let port = if port.is_empty() { 554 } else { port.parse().ok().filter(|port| *port != 0)? };
    let plain = !host.is_empty() && host.len() <= 253 && host.chars().all(|letter| letter.is_ascii_graphic());
    plain.then(|| (host.to_owned(), port))
}

fn escaped(path: &str) -> String {
    let mut text = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_graphic() && !matches!(byte, b'"' | b'<' | b'>') {
            text.push(char::from(byte));
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
    }
    text
}

/// Whether the text carries an address of its own.
pub fn is_absolute(text: &str) -> bool {
    strip_scheme(text).is_some()
}

/// The base that relative controls hang on: `Content-Base`, `Content-Location`, or what was asked for.
pub fn base(content_base: Option<&str>, content_location: Option<&str>, asked: &str) -> String {
    for text in [content_base, content_location].into_iter().flatten() {
        let text = clean(text);
        if is_absolute(&text) {
            return text;
        }
        if text.starts_with('/') {
            return join_root(asked, &text);
        }
    }
    asked.to_owned()
}

/// Takes out what would break a request line; letters of any alphabet stay as the camera wrote them.
pub fn clean(text: &str) -> String {
    let lines: String = text.trim().chars().filter(|letter| !letter.is_control()).take(2048).collect();
    lines.replace(' ', "%20")
}

/// Addresses to try for a track, likeliest first.
pub fn candidates(control: Option<&str>, base: &str, asked: &str) -> Vec<String> {
    let control = control.map(clean).unwrap_or_default();
    let mut found = Vec::new();
    if control.is_empty() || control == "*" {
        found.push(base.to_owned());
        found.push(asked.to_owned());
    } else if is_absolute(&control) {
        found.push(control.clone());
        if let Some(last) = control.rsplit('/').next().filter(|last| !last.is_empty()) {
            found.push(append(asked, last));
        }
    } else if control.starts_with('/') {
        found.push(join_root(base, &control));
        found.push(append(base, control.trim_start_matches('/')));
    } else {
        found.push(append(base, &control));
        found.push(append(asked, &control));
        found.push(join(base, &control));
    }
    let mut unique: Vec<String> = Vec::with_capacity(found.len());
    for url in found {
        if !unique.contains(&url) {
            unique.push(url);
        }
    }
    unique
}

fn append(base: &str, control: &str) -> String {
    let slash = if base.ends_with('/') { "" } else { "/" };
    format!("{base}{slash}{control}")
}

/// A camera that writes its password into an address tells us nothing that we may use.
pub fn without_credentials(text: &str) -> String {
    let from = text.find("://").map_or(0, |at| at + 3);
    let end = text[from..].find(['/', '?']).map_or(text.len(), |at| from + at);
    match text[from..end].rfind('@') {
        Some(at) => format!("{}{}", &text[..from], &text[from + at + 1..]),
        None => text.to_owned(),
    }
}

/// RFC 3986 §5.3 for a path that starts at the root.
pub fn join_root(base: &str, path: &str) -> String {
    let from = base.find("://").map_or(0, |at| at + 3);
    let end = base[from..].find(['/', '?']).map_or(base.len(), |at| from + at);
    format!("{}{path}", &base[..end])
}

/// RFC 3986 §5.3 for a path without dots: replaces what follows the last slash.
fn join(base: &str, control: &str) -> String {
    let from = base.find("://").map_or(0, |at| at + 3);
    let path_end = base[from..].find('?').map_or(base.len(), |at| from + at);
    match base[from..path_end].rfind('/') {
        Some(at) => format!("{}{control}", &base[..=from + at]),
        None => append(&base[..path_end], control),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_taken_apart() {
        for (text, host, port) in [
            ("rtsp://10.0.0.1/live", "10.0.0.1", 554),
            ("RTSP://cam.local:8554", "cam.local", 8554),
            ("rtsp://[fd00::1]:7000/a", "fd00::1", 7000),
            ("rtsp://[fd00::1]/a", "fd00::1", 554),
            ("rtsp://h?x=1", "h", 554),
        ] {
            let url = RtspUrl::parse(text).unwrap();
            assert_eq!((url.host.as_str(), url.port), (host, port), "{text}");
        }
        let url = RtspUrl::parse("rtsp://h/a b\r\nEvil: 1\u{4e2d}").unwrap();
        assert_eq!(url.text, "rtsp://h/a%20b%0D%0AEvil:%201%E4%B8%AD");
        for text in
            ["http://h/", "rtsp://", "rtsp://u:p@h/", "rtsp://h:0/", "rtsp://h:99999/", "h", "rtsp://a b/"]
        {
            assert!(RtspUrl::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn controls_are_resolved_as_cameras_mean_them() {
        let asked = "rtsp://h/s?c=1";
        for (control, base, first) in [
            (Some("trackID=1"), "rtsp://h/s/", "rtsp://h/s/trackID=1"),
            (Some("trackID=1"), "rtsp://h/s", "rtsp://h/s/trackID=1"),
            (Some("trackID=1"), asked, "rtsp://h/s?c=1/trackID=1"),
            (Some("/s/t1"), "rtsp://h/x", "rtsp://h/s/t1"),
            (Some("rtsp://other/s/t1"), "rtsp://h/x", "rtsp://other/s/t1"),
            (Some("*"), "rtsp://h/s/", "rtsp://h/s/"),
            (None, "rtsp://h/s/", "rtsp://h/s/"),
            (Some(" a\r\nb"), "rtsp://h/", "rtsp://h/ab"),
            (Some("track 1"), "rtsp://h/", "rtsp://h/track%201"),
            (Some("\u{8f68}1"), "rtsp://h/", "rtsp://h/\u{8f68}1"),
        ] {
            assert_eq!(candidates(control, base, asked)[0], first);
        }
        assert!(candidates(Some("t"), "rtsp://h/a/b", "rtsp://h/a/b").contains(&"rtsp://h/a/t".to_owned()));
    }

    #[test]
    fn the_base_is_the_first_that_is_usable() {
        let asked = "rtsp://h:9/s";
        assert_eq!(base(Some("rtsp://h/b/"), Some("rtsp://h/c"), asked), "rtsp://h/b/");
        assert_eq!(base(Some(""), Some("rtsp://h/c"), asked), "rtsp://h/c");
        assert_eq!(base(Some("/b/"), None, asked), "rtsp://h:9/b/");
        assert_eq!(base(Some("nonsense"), None, asked), asked);
    }
}
