//! RTSP re-publication in the plane: a ticket opens the door once, and its revocation closes it.

mod stage;

use base64::{Engine, engine::general_purpose::STANDARD};
use mingjing_media::ticket::Claims;
use serde_json::json;
use stage::{PATIENCE, Stage, format, picture};
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
};

const STREAM: &str = "ch_test.main";

struct Client {
    socket: BufReader<TcpStream>,
    number: u32,
}

impl Client {
    fn new(stage: &Stage) -> Self {
        let socket = TcpStream::connect(stage.rtsp).unwrap();
        socket.set_read_timeout(Some(PATIENCE)).unwrap();
        Self { socket: BufReader::new(socket), number: 0 }
    }

    /// Status and body of the answer; status 0 when the server has closed.
    fn describe(&mut self, stage: &Stage, query: &str, ticket: Option<&str>) -> (u16, String) {
        self.number += 1;
        let authorization = ticket.map_or(String::new(), |ticket| {
            format!("Authorization: Basic {}\r\n", STANDARD.encode(format!("ticket:{ticket}")))
        });
        let request = format!(
            "DESCRIBE rtsp://{}/{STREAM}{query} RTSP/1.0\r\nCSeq: {}\r\n{authorization}\r\n",
            stage.rtsp, self.number
        );
        self.socket.get_mut().write_all(request.as_bytes()).unwrap();
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if self.socket.read_line(&mut head).unwrap() == 0 {
                return (0, head);
            }
        }
        let length = head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().unwrap())
        });
        let mut body = vec![0; length.unwrap_or(0)];
        self.socket.read_exact(&mut body).unwrap();
        (head[9..12].parse().unwrap(), String::from_utf8(body).unwrap())
    }
}

#[test]
fn a_ticket_opens_the_door_once_and_its_revocation_closes_it() {
    let stage = Stage::new(json!({}));
    let hub = stage.put_always_on(STREAM);
    hub.publish(picture(0, 100, &format(1280), stage.now_us()));
    let claims = Claims { kind: "rtsp".into(), ..stage.claims(STREAM) };
    let ticket = stage.mint(&claims);
    assert_eq!(Client::new(&stage).describe(&stage, "", None).0, 401);
    let mut client = Client::new(&stage);
    let (status, sdp) = client.describe(&stage, "", Some(&ticket));
    assert_eq!(status, 200);
    assert!(sdp.contains("H264/90000") && sdp.contains("PCMA/8000"), "{sdp}");
    assert_eq!(stage.plane.viewers().unwrap()[0]["ticket"], claims.id);
    assert!(hub.is_hurried());
    assert_eq!(Client::new(&stage).describe(&stage, "", Some(&ticket)).0, 401, "used");
    let live = stage.ticket(STREAM);
    assert_eq!(Client::new(&stage).describe(&stage, "", Some(&live)).0, 404, "a ticket of another kind");
    assert_eq!(stage.plane.revoke_ticket(&claims.id).unwrap(), 1);
    assert_eq!(stage.ended(&claims.id).1, "revoked");
    let mut rest = Vec::new();
    assert_eq!(client.socket.read_to_end(&mut rest).unwrap_or(0), 0, "the connection goes on");
}

#[test]
fn a_ticket_in_the_address_serves_players_that_know_no_password() {
    let stage = Stage::new(json!({}));
    stage.put_always_on(STREAM).publish(picture(0, 100, &format(1280), stage.now_us()));
    let claims = Claims { kind: "rtsp".into(), ..stage.claims(STREAM) };
    let query = format!("?ticket={}", stage.mint(&claims));
    let mut client = Client::new(&stage);
    assert_eq!(client.describe(&stage, &query, None).0, 200);
    drop(client);
    assert_eq!(stage.ended(&claims.id).1, "left");
}
