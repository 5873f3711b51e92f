//! The `Range` header (RFC 9110 §14.2): one range of bytes, or nothing.

/// What a request asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    Whole,
    /// From the first byte to before the second; not empty.
    Part(u64, u64),
    /// Several ranges, or one that the file does not have: 416.
    Unsatisfiable,
}

/// Reads a header value for a file of that length. A unit other than bytes is ignored, as the RFC asks;
/// what is no range at all is refused rather than answered with a whole segment.
pub fn parse(header: Option<&str>, length: u64) -> Asked {
    let Some(header) = header else { return Asked::Whole };
    let Some((unit, set)) = header.split_once('=') else { return Asked::Unsatisfiable };
    if !unit.trim().eq_ignore_ascii_case("bytes") {
        return Asked::Whole;
    }
    if set.contains(',') {
        return Asked::Unsatisfiable;
    }
    let Some((from, to)) = set.trim().split_once('-') else { return Asked::Unsatisfiable };
    match (number(from), number(to)) {
        (Some(from), Some(last)) if from <= last && from < length => {
            Asked::Part(from, last.saturating_add(1).min(length))
        }
        (Some(from), None) if to.is_empty() && from < length => Asked::Part(from, length),
        (None, Some(count)) if from.is_empty() && count > 0 && length > 0 => {
            Asked::Part(length.saturating_sub(count), length)
        }
        _ => Asked::Unsatisfiable,
    }
}

/// Digits only: no sign, no space.
fn number(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_range_is_understood_and_nothing_else() {
        for (header, asked) in [
            (None, Asked::Whole),
            (Some("bytes=0-9"), Asked::Part(0, 10)),
            (Some("bytes=5-"), Asked::Part(5, 100)),
            (Some("bytes=-10"), Asked::Part(90, 100)),
            (Some("bytes=-1000"), Asked::Part(0, 100)),
            (Some("bytes=90-18446744073709551615"), Asked::Part(90, 100)),
            (Some("bytes=100-"), Asked::Unsatisfiable),
            (Some("bytes=9-5"), Asked::Unsatisfiable),
            (Some("bytes=0-1,5-6"), Asked::Unsatisfiable),
            (Some("bytes=-"), Asked::Unsatisfiable),
            (Some("bytes=+1-2"), Asked::Unsatisfiable),
            (Some("bytes"), Asked::Unsatisfiable),
            (Some("lines=1-2"), Asked::Whole),
        ] {
            assert_eq!(parse(header, 100), asked, "{header:?}");
        }
        assert_eq!(parse(Some("bytes=0-"), 0), Asked::Unsatisfiable);
    }
}
