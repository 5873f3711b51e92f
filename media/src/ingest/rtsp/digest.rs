//! Answers to authentication challenges: Basic (RFC 7617), Digest (RFC 2069, 2617, 7616).
//! Parses what cameras write instead of the grammar. Decides the strength, not whether Basic is allowed.

use super::foreign;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use md5::{Digest as _, Md5};
use sha2::{Sha256, Sha512_256};

/// Hash of a digest challenge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Algorithm {
    Md5,
    Md5Sess,
    Sha256,
    Sha256Sess,
    Sha512,
    Sha512Sess,
}

/// Quality of protection (RFC 7616 §3.4.3) that is answered with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quality {
    /// None offered: the form of RFC 2069.
    Plain,
    Auth,
    /// Offered alone; our requests have no body.
    Integrity,
}

/// One way in that the camera offers; later variants and stronger algorithms are preferred.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Challenge {
    Basic {
        realm: String,
    },
    Digest {
        algorithm: Algorithm,
        /// As it stood, echoed if it stood at all.
        algorithm_text: Option<String>,
        realm: String,
        nonce: String,
        opaque: Option<String>,
        quality: Quality,
        stale: bool,
    },
    /// A scheme or algorithm that we do not speak.
    Unknown(String),
}

impl Challenge {
    /// For choosing: higher is stronger.
    pub fn strength(&self) -> u8 {
        match self {
            Self::Unknown(_) => 0,
            Self::Basic { .. } => 1,
            Self::Digest { algorithm: Algorithm::Md5, .. } => 2,
            Self::Digest { algorithm: Algorithm::Md5Sess, .. } => 3,
            Self::Digest { algorithm: Algorithm::Sha256, .. } => 4,
            Self::Digest { algorithm: Algorithm::Sha256Sess, .. } => 5,
            Self::Digest { algorithm: Algorithm::Sha512, .. } => 6,
            Self::Digest { algorithm: Algorithm::Sha512Sess, .. } => 7,
        }
    }

    pub fn is_stale(&self) -> bool {
        matches!(self, Self::Digest { stale: true, .. })
    }

    /// For evidence: scheme and realm, no nonce.
    pub fn describe(&self) -> String {
        match self {
            Self::Basic { realm } => format!("Basic realm=\"{}\"", foreign::shown(realm)),
            Self::Digest { realm, algorithm, .. } => {
                format!("Digest {algorithm:?} realm=\"{}\"", foreign::shown(realm))
            }
            Self::Unknown(scheme) => scheme.clone(),
        }
    }
}

/// Reads every challenge from all `WWW-Authenticate` fields of a response, strongest first.
pub fn parse_challenges<'a>(fields: impl Iterator<Item = &'a str>) -> Vec<Challenge> {
    let mut challenges: Vec<Challenge> = fields.take(16).flat_map(parse_field).take(16).collect();
    challenges.sort_by_key(|challenge| std::cmp::Reverse(challenge.strength()));
    challenges
}

fn parse_field(field: &str) -> Vec<Challenge> {
    let mut found: Vec<(String, Vec<(String, String)>)> = Vec::new();
    for part in split_commas(field) {
        let part = part.trim();
        // `Scheme name=value` opens a challenge; `name=value` goes on with it; a bare word opens one too.
        let (head, rest) = part.split_once([' ', '\t']).unwrap_or((part, ""));
        if !head.contains('=') && !rest.trim_start().starts_with('=') {
            found.push((head.to_ascii_lowercase(), Vec::new()));
            push_parameter(&mut found, rest);
        } else {
            push_parameter(&mut found, part);
        }
    }
    found.into_iter().filter(|(scheme, _)| !scheme.is_empty()).map(build).collect()
}

fn push_parameter(found: &mut [(String, Vec<(String, String)>)], text: &str) {
    if let (Some((_, parameters)), Some((name, value))) = (found.last_mut(), text.split_once('=')) {
        let value = value.trim();
        let value = value.strip_prefix('"').unwrap_or(value);
        let value = value.strip_suffix('"').unwrap_or(value);
        parameters.push((name.trim().to_ascii_lowercase(), value.replace("\\\"", "\"")));
    }
}

/// Splits at commas outside of quotes.
fn split_commas(text: &str) -> Vec<&str> {
    let (mut parts, mut from, mut quoted, mut escaped) = (Vec::new(), 0, false, false);
    for (at, letter) in text.char_indices() {
        match letter {
            '"' if !escaped => quoted = !quoted,
            ',' if !quoted => {
                parts.push(&text[from..at]);
                from = at + 1;
            }
            _ => {}
        }
        escaped = letter == '\\' && !escaped;
    }
    parts.push(&text[from..]);
    parts
}

fn build((scheme, parameters): (String, Vec<(String, String)>)) -> Challenge {
    let get =
        |wanted: &str| parameters.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.clone());
    let realm = get("realm").unwrap_or_default();
    if scheme == "basic" {
        return Challenge::Basic { realm };
    }
    let algorithm_text = get("algorithm");
    let algorithm = match algorithm_text.as_deref().unwrap_or("MD5").to_ascii_uppercase().as_str() {
        "MD5" | "" => Some(Algorithm::Md5),
        "MD5-SESS" => Some(Algorithm::Md5Sess),
        "SHA-256" | "SHA256" => Some(Algorithm::Sha256),
        "SHA-256-SESS" | "SHA256-SESS" => Some(Algorithm::Sha256Sess),
        "SHA-512-256" => Some(Algorithm::Sha512),
        "SHA-512-256-SESS" => Some(Algorithm::Sha512Sess),
        _ => None,
    };
    let (Some(algorithm), "digest") = (algorithm, scheme.as_str()) else {
        let named = algorithm_text.map(|text| format!(" {text}")).unwrap_or_default();
        return Challenge::Unknown(format!("{scheme}{named}").chars().take(40).collect());
    };
    Challenge::Digest {
        algorithm,
        algorithm_text,
        realm,
        nonce: get("nonce").unwrap_or_default(),
        opaque: get("opaque"),
        quality: quality_of(&get("qop").unwrap_or_default()),
        stale: get("stale").is_some_and(|text| text.eq_ignore_ascii_case("true")),
    }
}

fn quality_of(offered: &str) -> Quality {
    let offers = |name: &str| offered.split([',', ' ']).any(|word| word.trim().eq_ignore_ascii_case(name));
    match (offers("auth"), offers("auth-int")) {
        (true, _) => Quality::Auth,
        (false, true) => Quality::Integrity,
        (false, false) => Quality::Plain,
    }
}

/// What is needed to answer.
#[derive(Clone, Copy, Debug)]
pub struct Answer<'a> {
    pub user: &'a str,
    pub password: &'a str,
    pub method: &'a str,
    pub uri: &'a str,
    /// How often this nonce was used, from 1.
    pub count: u32,
    pub client_nonce: &'a str,
}

impl Answer<'_> {
    /// Value of the `Authorization` field. `None` for a challenge that we do not speak.
    pub fn to(&self, challenge: &Challenge) -> Option<String> {
        match challenge {
            Challenge::Unknown(_) => None,
            Challenge::Basic { .. } => {
                Some(format!("Basic {}", STANDARD.encode(format!("{}:{}", self.user, self.password))))
            }
            Challenge::Digest { algorithm, algorithm_text, realm, nonce, opaque, quality, .. } => {
                let response = self.response(*algorithm, realm, nonce, *quality);
                let mut text = format!(
                    "Digest username=\"{}\", realm=\"{}\", nonce=\"{}\", uri=\"{}\", response=\"{response}\"",
                    quoted(self.user),
                    quoted(realm),
                    quoted(nonce),
                    quoted(self.uri)
                );
                if let Some(algorithm) = algorithm_text {
                    text.push_str(&format!(", algorithm={algorithm}"));
                }
                if let Some(opaque) = opaque {
                    text.push_str(&format!(", opaque=\"{}\"", quoted(opaque)));
                }
                if let Some(name) = quality.name() {
                    text.push_str(&format!(
                        ", qop={name}, nc={:08x}, cnonce=\"{}\"",
                        self.count, self.client_nonce
                    ));
                } else if is_session(*algorithm) {
                    text.push_str(&format!(", cnonce=\"{}\"", self.client_nonce));
                }
                Some(text)
            }
        }
    }

    fn response(&self, algorithm: Algorithm, realm: &str, nonce: &str, quality: Quality) -> String {
        let hash = |text: String| {
            let bytes = foreign::bytes_of(&text);
            match algorithm {
                Algorithm::Md5 | Algorithm::Md5Sess => hex(&Md5::digest(bytes)),
                Algorithm::Sha256 | Algorithm::Sha256Sess => hex(&Sha256::digest(bytes)),
                Algorithm::Sha512 | Algorithm::Sha512Sess => hex(&Sha512_256::digest(bytes)),
            }
        };
        let mut secret = hash(format!("{}:{realm}:{}", self.user, self.password));
        if is_session(algorithm) {
            secret = hash(format!("{secret}:{nonce}:{}", self.client_nonce));
        }
        let mut request = format!("{}:{}", self.method, self.uri);
        if quality == Quality::Integrity {
            request = format!("{request}:{}", hash(String::new()));
        }
        let request = hash(request);
        if let Some(name) = quality.name() {
            let (count, own) = (self.count, self.client_nonce);
            return hash(format!("{secret}:{nonce}:{count:08x}:{own}:{name}:{request}"));
        }
        hash(format!("{secret}:{nonce}:{request}"))
    }
}

fn is_session(algorithm: Algorithm) -> bool {
    matches!(algorithm, Algorithm::Md5Sess | Algorithm::Sha256Sess | Algorithm::Sha512Sess)
}

impl Quality {
    fn name(self) -> Option<&'static str> {
        match self {
            Self::Plain => None,
            Self::Auth => Some("auth"),
            Self::Integrity => Some("auth-int"),
        }
    }
}

fn quoted(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(field: &str) -> Challenge {
        let mut all = parse_challenges([field].into_iter());
        assert_eq!(all.len(), 1, "{field}: {all:?}");
        all.remove(0)
    }

    fn response_of(text: &str) -> &str {
        let from = text.find("response=\"").unwrap() + 10;
        &text[from..from + text[from..].find('"').unwrap()]
    }

    #[test]
    fn the_examples_of_the_standards_come_out() {
        // RFC 2617 §3.5
        let answer = Answer {
            user: "Mufasa",
            password: "Circle Of Life",
            method: "GET",
            uri: "/dir/index.html",
            count: 1,
            client_nonce: "0a4f113b",
        };
        let challenge = one("Digest realm=\"testrealm@host.com\", qop=\"auth,auth-int\", \
             nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\", opaque=\"5ccc069c403ebaf9f0171e9517f40e41\"");
        assert_eq!(response_of(&answer.to(&challenge).unwrap()), "6629fae49393a05397450978507c4ef1");
        // RFC 7616 §3.9.1
        let answer = Answer {
            password: "Circle of Life",
            client_nonce: "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
            ..answer
        };
        let nonce = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v";
        let challenge = one(&format!(
            "Digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\", algorithm=SHA-256, nonce=\"{nonce}\""
        ));
        assert_eq!(
            response_of(&answer.to(&challenge).unwrap()),
            "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"
        );
        let challenge = one(&format!(
            "Digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\", algorithm=MD5, nonce=\"{nonce}\""
        ));
        assert_eq!(response_of(&answer.to(&challenge).unwrap()), "8ca523f5e9506fed4657c9700eebdbec");
    }

    #[test]
    fn challenges_are_read_in_every_shape() {
        for (field, strengths) in [
            ("Digest realm=\"a, b\", nonce=\"n\", Basic realm=\"c\"", vec![2, 1]),
            ("Basic realm=\"c\",Digest realm=\"a\",nonce=\"n\",algorithm=\"SHA-256\"", vec![4, 1]),
            ("Digest realm=a, nonce=n", vec![2]),
            ("digest REALM=\"a\",NONCE=\"n\",Algorithm=md5-sess", vec![3]),
            ("Digest realm=\"unclosed, nonce=\"n\"", vec![2]),
            ("Basic", vec![1]),
            ("Negotiate", vec![0]),
            ("Digest realm=\"a\", nonce=\"n\", algorithm=SHA-512-256", vec![6]),
            ("Digest realm=\"a\", nonce=\"n\", algorithm=SHA3-512", vec![0]),
            ("Digest realm = \"a\" , nonce = \"n\"", vec![2]),
            ("", vec![]),
            (",,,=,", vec![]),
        ] {
            let all = parse_challenges([field].into_iter());
            let got: Vec<u8> = all.iter().map(Challenge::strength).collect();
            assert_eq!(got, strengths, "{field}: {all:?}");
        }
        let lines = ["Basic realm=\"a\"", "Digest realm=\"a\", nonce=\"n\", stale=TRUE"];
        let all = parse_challenges(lines.into_iter());
        assert!(all[0].is_stale() && all[1].strength() == 1);
    }

    #[test]
    fn basic_carries_user_and_password_and_unknown_nothing() {
        let answer =
            Answer { user: "admin", password: "1:2", method: "PLAY", uri: "u", count: 1, client_nonce: "c" };
        assert_eq!(answer.to(&one("Basic realm=\"x\"")).unwrap(), "Basic YWRtaW46MToy");
        assert_eq!(answer.to(&one("Negotiate")), None);
        let text = answer.to(&one("Digest realm=\"q\\\"q\", nonce=\"n\"")).unwrap();
        assert!(text.contains("realm=\"q\\\"q\"") && !text.contains("cnonce"), "{text}");
    }
}
