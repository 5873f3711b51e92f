//! Which room answers a request, and the rules for browsers that hold in every room.
//!
//! Origins are compared whole with the configured list; a request without an `Origin` is no cross-site
//! request of a script, and `Sec-Fetch-Site` shows the rest (`<img>`, `<video>` of a stranger's page).

use super::{Body, Serving, hls, http::Connection, live, playback, problem::Problem};
use hyper::{
    HeaderMap, Method, Request, Response, StatusCode,
    body::Incoming,
    header::{self, HeaderName, HeaderValue},
};
use std::sync::Arc;

/// What a room gets to know of a request.
pub type Asked = Request<Incoming>;

/// Answers one request. Never fails: what goes wrong is an answer.
pub async fn route(serving: &Arc<Serving>, connection: &Connection, request: Asked) -> Response<Body> {
    let origin = request.headers().get(header::ORIGIN).cloned();
    let answer = match check_origin(serving, request.headers()) {
        Err(problem) => problem.response(),
        Ok(()) if request.method() == Method::OPTIONS => preflight(),
        Ok(()) => rooms(serving, connection, request).await,
    };
    dressed(answer, origin)
}

async fn rooms(serving: &Arc<Serving>, connection: &Connection, request: Asked) -> Response<Body> {
    let path = request.uri().path().to_owned();
    if path == "/live/ws" {
        return live::websocket(serving, connection, &request).await;
    }
    if let Some(stream) = path.strip_prefix("/live/").and_then(|rest| rest.strip_suffix(".mp4")) {
        return live::progressive(serving, connection, &request, stream).await;
    }
    let recorded = match path.as_str() {
        "/play" => playback::open(serving, connection, &request),
        "/play/end" => playback::close(serving, &request),
        other => {
            if let Some(rest) = other.strip_prefix("/play/segment/") {
                playback::segment(serving, &request, rest).await
            } else if let Some(rest) = other.strip_prefix("/play/hls/") {
                hls::recorded(serving, connection, &request, rest)
            } else if let Some(rest) = other.strip_prefix("/hls/") {
                hls::answer(serving, connection, &request, rest).await
            } else {
                Err(Problem::NotFound)
            }
        }
    };
    recorded.unwrap_or_else(Problem::response)
}

/// A page of a stranger gets nothing, whatever it shows.
fn check_origin(serving: &Serving, headers: &HeaderMap) -> Result<(), Problem> {
    let Some(origin) = headers.get(header::ORIGIN) else {
        // Without Origin: native players, and a browser's own <img>, <video>, navigation.
        let cross = headers.get("sec-fetch-site").is_some_and(|site| site == "cross-site");
        return if cross { Err(Problem::OriginRefused) } else { Ok(()) };
    };
    let allowed = origin.to_str().is_ok_and(|origin| {
        serving.config.allowed_origins.iter().any(|one| one.eq_ignore_ascii_case(origin))
    });
    if allowed { Ok(()) } else { Err(Problem::OriginRefused) }
}

fn preflight() -> Response<Body> {
    let mut answer = Response::new(super::full(""));
    *answer.status_mut() = StatusCode::NO_CONTENT;
    let headers = answer.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, HEAD, POST"));
    headers.insert(
        header::ACCESS_CONTROL_ALLOW_HEADERS,
        HeaderValue::from_static("Authorization, Range, Content-Type"),
    );
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
    answer
}

/// Headers that every answer carries. Only an allowed origin gets here with `origin` and success.
fn dressed(mut answer: Response<Body>, origin: Option<HeaderValue>) -> Response<Body> {
    let refused = answer.status() == Problem::OriginRefused.status();
    let headers = answer.headers_mut();
    for (name, value) in SECURITY {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if let (Some(origin), false) = (origin, refused) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(
            header::ACCESS_CONTROL_EXPOSE_HEADERS,
            HeaderValue::from_static(
                "Content-Range, Content-Length, Accept-Ranges, Location, Mingjing-Wall-Us",
            ),
        );
        // Pages of an allowed origin on another port are cross-origin to us and must be let in.
        headers.insert("cross-origin-resource-policy", HeaderValue::from_static("cross-origin"));
    }
    answer
}

/// In force on every answer, those of the live rooms' own heads included.
pub const SECURITY: [(HeaderName, &str); 7] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::CACHE_CONTROL, "no-store"),
    (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'; sandbox"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::VARY, "Origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// The ticket of a request: `Authorization: Ticket …`, else `?ticket=…`.
pub fn ticket(request: &Asked) -> Option<String> {
    authorization(request.headers(), "Ticket").or_else(|| query(request, "ticket"))
}

/// The credentials of `Authorization: <scheme> <credentials>`, if the scheme is this one.
pub fn authorization(headers: &HeaderMap, scheme: &str) -> Option<String> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (given, credentials) = value.split_once(' ')?;
    given.eq_ignore_ascii_case(scheme).then(|| credentials.trim().to_owned())
}

/// The first value of a name in the query, percent-decoded.
pub fn query(request: &Asked, name: &str) -> Option<String> {
    let pairs = request.uri().query()?.split('&');
    let value = pairs.filter_map(|pair| pair.split_once('=')).find(|(key, _)| *key == name)?.1;
    percent_decoded(value)
}

/// `%41` → `A`. `None` for what is not UTF-8 or not well formed.
pub fn percent_decoded(text: &str) -> Option<String> {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let mut digit = || bytes.next().and_then(|digit| char::from(digit).to_digit(16));
            let (high, low) = (digit()?, digit()?);
            out.push((high << 4 | low) as u8);
        } else {
            out.push(byte);
        }
    }
    String::from_utf8(out).ok()
}

#[cfg(test)]
mod tests {
    use super::percent_decoded;

    #[test]
    fn percent_signs_are_decoded_or_refused() {
        assert_eq!(percent_decoded("a%2Eb%e6%98%8e").as_deref(), Some("a.b明"));
        for bad in ["%", "%4", "%zz", "%ff"] {
            assert_eq!(percent_decoded(bad), None, "{bad}");
        }
    }
}
