//! What a client shows to prove itself: Basic (RFC 7617) and Digest with MD5 or SHA-256 (RFC 2069, RFC 7616).
//!
//! Parsing and proof only; who may enter is the directory's decision.

use base64::{Engine, engine::general_purpose::STANDARD};
use md5::Md5;
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// Letters of a SHA-256 digest in hexadecimal.
const SHA256_HEX: usize = 64;

/// Ways of proving oneself that a directory can offer, strongest first when several are offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    DigestSha256,
    DigestMd5,
    Basic,
}

/// A parsed `Authorization` header.
#[derive(Clone, PartialEq, Eq)]
pub enum Authorization {
    Basic { user: String, password: String },
    Digest(DigestProof),
}

/// The fields of a digest answer.
#[derive(Clone, PartialEq, Eq)]
pub struct DigestProof {
    user: String,
    nonce: String,
    uri: String,
    response: String,
    sha256: bool,
    /// `(nc, cnonce)` when `qop=auth` was used.
    counted: Option<(String, String)>,
}

impl Authorization {
    /// Reads a header value; `None` for schemes and forms that are not understood.
    pub fn parse(value: &str) -> Option<Self> {
        let (scheme, rest) = value.trim().split_once(' ')?;
        if scheme.eq_ignore_ascii_case("basic") {
            let decoded = String::from_utf8(STANDARD.decode(rest.trim()).ok()?).ok()?;
            let (user, password) = decoded.split_once(':')?;
            return Some(Self::Basic { user: user.to_owned(), password: password.to_owned() });
        }
        if !scheme.eq_ignore_ascii_case("digest") {
            return None;
        }
        let field = |name: &str| parameter(rest, name);
        let response = field("response")?;
        let sha256 = match field("algorithm") {
            // Some clients answer a SHA-256 challenge without naming it; the length of the answer does.
            None => response.len() == SHA256_HEX,
            Some(name) if name.eq_ignore_ascii_case("md5") => false,
            Some(name) if name.eq_ignore_ascii_case("sha-256") => true,
            Some(_) => return None,
        };
        let counted = match field("qop") {
            None => None,
            Some(qop) if qop == "auth" => Some((field("nc")?, field("cnonce")?)),
            Some(_) => return None,
        };
        Some(Self::Digest(DigestProof {
            user: field("username")?,
            nonce: field("nonce")?,
            uri: field("uri")?,
            response,
            sha256,
            counted,
        }))
    }

    /// Whose name is shown.
    pub fn user(&self) -> &str {
        match self {
            Self::Basic { user, .. } => user,
            Self::Digest(proof) => &proof.user,
        }
    }

    /// The nonce that was answered, for Digest.
    pub fn nonce(&self) -> Option<&str> {
        match self {
            Self::Basic { .. } => None,
            Self::Digest(proof) => Some(&proof.nonce),
        }
    }

    /// Whether this proves knowledge of `password` for `user` to `realm`, by one of `schemes`, under `nonce`.
    pub fn proves(&self, claim: &Claim<'_>, schemes: &[Scheme]) -> bool {
        match self {
            Self::Basic { user, password } => {
                schemes.contains(&Scheme::Basic)
                    && same(user.as_bytes(), claim.user.as_bytes())
                    && same(password.as_bytes(), claim.password.as_bytes())
            }
            Self::Digest(proof) => {
                let scheme = if proof.sha256 { Scheme::DigestSha256 } else { Scheme::DigestMd5 };
                schemes.contains(&scheme)
                    && proof.user == claim.user
                    && proof.nonce == claim.nonce
                    && same(proof.expected(claim).as_bytes(), proof.response.to_ascii_lowercase().as_bytes())
            }
        }
    }
}

/// What must be proven.
pub struct Claim<'a> {
    pub user: &'a str,
    pub password: &'a str,
    pub realm: &'a str,
    /// The nonce that this server gave to this connection.
    pub nonce: &'a str,
    /// Method word of the request.
    pub method: &'a str,
}

impl DigestProof {
    /// RFC 7616 §3.4.1; without `qop` the older form of RFC 2069.
    fn expected(&self, claim: &Claim<'_>) -> String {
        let hash = |text: &str| {
            if self.sha256 { hex(&Sha256::digest(text)) } else { hex(&Md5::digest(text)) }
        };
        let secret = hash(&format!("{}:{}:{}", claim.user, claim.realm, claim.password));
        let request = hash(&format!("{}:{}", claim.method, self.uri));
        match &self.counted {
            None => hash(&format!("{secret}:{}:{request}", self.nonce)),
            Some((count, own)) => hash(&format!("{secret}:{}:{count}:{own}:auth:{request}", self.nonce)),
        }
    }
}

/// `WWW-Authenticate` values, one a scheme, in the order given. Without `qop`: several cameras' and players'
/// clients know only the form of RFC 2069, and a nonce lives for one connection.
pub fn challenges(realm: &str, nonce: &str, schemes: &[Scheme]) -> Vec<String> {
    let realm: String = realm.chars().filter(|letter| !matches!(letter, '"' | '\\')).collect();
    let challenge = |scheme: &Scheme| match scheme {
        Scheme::DigestSha256 => format!(r#"Digest realm="{realm}", nonce="{nonce}", algorithm=SHA-256"#),
        Scheme::DigestMd5 => format!(r#"Digest realm="{realm}", nonce="{nonce}""#),
        Scheme::Basic => format!(r#"Basic realm="{realm}""#),
    };
    schemes.iter().map(challenge).collect()
}

/// One parameter of a comma-separated list, quoted or not.
fn parameter(list: &str, wanted: &str) -> Option<String> {
    let mut rest = list;
    loop {
        rest = rest.trim_start_matches([' ', ',', '\t']);
        let (name, after) = rest.split_once('=')?;
        let (value, tail) = match after.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"')?,
            None => after.split_at(after.find(',').unwrap_or(after.len())),
        };
        if name.trim().eq_ignore_ascii_case(wanted) {
            return Some(value.trim().to_owned());
        }
        rest = tail;
    }
}

/// Comparison whose time does not tell where the difference is.
fn same(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |sum, (x, y)| sum | (x ^ y)) == 0
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLAIM: Claim<'_> = Claim {
        user: "Mufasa",
        password: "Circle of Life",
        realm: "http-auth@example.org",
        nonce: "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
        method: "GET",
    };
    const ALL: [Scheme; 3] = [Scheme::DigestSha256, Scheme::DigestMd5, Scheme::Basic];

    /// RFC 7616 §3.9.1.
    fn example(algorithm: &str, response: &str) -> Authorization {
        Authorization::parse(&format!(
            r#"Digest username="Mufasa", realm="http-auth@example.org", uri="/dir/index.html",
            algorithm={algorithm}, nonce="{}", nc=00000001,
            cnonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", qop=auth, response="{response}", opaque="x""#,
            CLAIM.nonce
        ))
        .expect("the example of the RFC parses")
    }

    #[test]
    fn the_examples_of_rfc_7616_are_accepted() {
        let md5 = example("MD5", "8ca523f5e9506fed4657c9700eebdbec");
        let sha256 = example("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1");
        assert!(md5.proves(&CLAIM, &ALL));
        assert!(sha256.proves(&CLAIM, &ALL));
        assert!(!sha256.proves(&CLAIM, &[Scheme::DigestMd5]), "a scheme that was not offered");
        assert!(!md5.proves(&Claim { password: "circle of life", ..CLAIM }, &ALL));
        assert!(!md5.proves(&Claim { method: "PLAY", ..CLAIM }, &ALL));
        assert!(!md5.proves(&Claim { nonce: "other", ..CLAIM }, &ALL));
    }

    #[test]
    fn an_answer_to_sha256_need_not_name_it() {
        let hash = |text: String| hex(&Sha256::digest(text));
        let secret = hash(format!("{}:{}:{}", CLAIM.user, CLAIM.realm, CLAIM.password));
        let response = hash(format!("{secret}:{}:{}", CLAIM.nonce, hash("GET:/x".into())));
        let nonce = CLAIM.nonce;
        let text = format!(r#"Digest username="Mufasa", uri="/x", nonce="{nonce}", response="{response}""#);
        let shown = Authorization::parse(&text).expect("a digest answer");
        assert!(shown.proves(&CLAIM, &[Scheme::DigestSha256]));
        assert!(!shown.proves(&CLAIM, &[Scheme::DigestMd5]));
    }

    #[test]
    fn basic_needs_both_halves() {
        let shown = Authorization::parse("Basic TXVmYXNhOkNpcmNsZSBvZiBMaWZl").unwrap();
        assert!(shown.proves(&CLAIM, &ALL));
        assert!(!shown.proves(&CLAIM, &[Scheme::DigestMd5]));
        assert!(!shown.proves(&Claim { user: "Scar", ..CLAIM }, &ALL));
        assert!(Authorization::parse("Basic !!!").is_none());
        assert!(Authorization::parse("Digest username=\"open").is_none());
    }
}
