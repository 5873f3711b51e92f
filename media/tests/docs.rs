//! The page of limits says what the program does.

use mingjing_media::plane::config::Limits;

#[test]
fn the_page_of_limits_has_every_limit_with_its_default() {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/ref/media-limits.md");
    let page = std::fs::read_to_string(page).unwrap();
    let listed: Vec<String> = page
        .lines()
        .filter_map(|line| line.strip_prefix("| `"))
        .map(|line| line.split('|').take(2).map(str::trim).collect::<Vec<_>>().join(" "))
        .map(|row| row.replace('`', ""))
        .collect();
    let limits = serde_json::to_value(Limits::default()).unwrap();
    let mut expected: Vec<String> =
        limits.as_object().unwrap().iter().map(|(name, value)| format!("{name} {value}")).collect();
    let mut sorted = listed.clone();
    sorted.sort();
    expected.sort();
    assert_eq!(sorted, expected);
}
