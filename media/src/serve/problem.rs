//! What the media ports answer when they do not deliver: RFC 9457 problem details with stable codes.
//!
//! The list is closed and has both languages; doors §2 shows it.

use super::{Body, full};
use crate::ticket::Refusal;
use hyper::{Response, StatusCode, header};
use serde_json::json;

/// Why a request got no bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    TicketMissing,
    /// Malformed, forged, used, expired or revoked: a stranger is not told which.
    TicketRefused,
    /// Good ticket, other stream or kind of delivery; also what does not exist.
    NotFound,
    TooManyViewers,
    TooManyConnections,
    OriginRefused,
    MethodNotAllowed,
    BadRequest,
    NotAWebSocket,
    Closing,
    StreamDown,
    RangeNotSatisfiable,
    /// The source has no video track, and this kind of delivery is cut by pictures.
    SoundOnly,
    Internal,
}

struct Text {
    status: StatusCode,
    code: &'static str,
    title: &'static str,
    title_en: &'static str,
    remedy: &'static str,
    remedy_en: &'static str,
}

impl Problem {
    /// HTTP status.
    pub fn status(self) -> StatusCode {
        self.text().status
    }

    /// Stable code, `MEDIA-…`.
    pub fn code(self) -> &'static str {
        self.text().code
    }

    fn text(self) -> Text {
        let (status, code, title, title_en, remedy, remedy_en) = match self {
            Self::TicketMissing => (
                StatusCode::UNAUTHORIZED,
                "MEDIA-001",
                "缺少播放票据",
                "No ticket was shown",
                "先向平台申请票据，再打开视频",
                "Ask the platform for a ticket first",
            ),
            Self::TicketRefused => (
                StatusCode::UNAUTHORIZED,
                "MEDIA-002",
                "播放票据无效、已使用、已过期或已撤销",
                "The ticket is invalid, used, expired or revoked",
                "重新申请票据；每张票据只能使用一次",
                "Ask for a new ticket; each starts one delivery",
            ),
            Self::NotFound => (
                StatusCode::NOT_FOUND,
                "MEDIA-003",
                "没有这个视频",
                "There is no such video",
                "检查地址与票据是否对应",
                "Check that address and ticket belong together",
            ),
            Self::TooManyViewers => (
                StatusCode::SERVICE_UNAVAILABLE,
                "MEDIA-004",
                "观看人数已达上限",
                "The limit of viewers is reached",
                "稍后再试，或请管理员提高上限",
                "Try again later, or have the limit raised",
            ),
            Self::TooManyConnections => (
                StatusCode::TOO_MANY_REQUESTS,
                "MEDIA-005",
                "来自此地址的连接过多",
                "Too many connections from this address",
                "关闭不用的画面后再试",
                "Close pictures that are not needed and try again",
            ),
            Self::OriginRefused => (
                StatusCode::FORBIDDEN,
                "MEDIA-006",
                "不允许该网页使用媒体端口",
                "Pages of this origin may not use the media port",
                "请管理员把该来源加入 allowed_origins",
                "Have the origin added to allowed_origins",
            ),
            Self::MethodNotAllowed => (
                StatusCode::METHOD_NOT_ALLOWED,
                "MEDIA-007",
                "不支持的请求方法",
                "The method is not allowed here",
                "使用 GET",
                "Use GET",
            ),
            Self::BadRequest => (
                StatusCode::BAD_REQUEST,
                "MEDIA-008",
                "请求有误",
                "The request is malformed",
                "检查请求参数",
                "Check the request",
            ),
            Self::NotAWebSocket => (
                StatusCode::UPGRADE_REQUIRED,
                "MEDIA-009",
                "此地址只接受 WebSocket",
                "This address speaks WebSocket only",
                "用 WebSocket 13 版和子协议 mingjing.live.1 连接",
                "Connect by WebSocket version 13, subprotocol mingjing.live.1",
            ),
            Self::Closing => (
                StatusCode::SERVICE_UNAVAILABLE,
                "MEDIA-010",
                "媒体服务正在停止",
                "The media plane is shutting down",
                "稍后再试",
                "Try again in a while",
            ),
            Self::StreamDown => (
                StatusCode::SERVICE_UNAVAILABLE,
                "MEDIA-011",
                "视频源暂无画面",
                "The source gives no pictures now",
                "查看摄像机诊断",
                "See the camera's diagnosis",
            ),
            Self::RangeNotSatisfiable => (
                StatusCode::RANGE_NOT_SATISFIABLE,
                "MEDIA-012",
                "请求的字节范围不存在",
                "The range of bytes does not exist",
                "按 table 给出的位置请求",
                "Ask within what the table lists",
            ),
            Self::SoundOnly => (
                StatusCode::NOT_ACCEPTABLE,
                "MEDIA-014",
                "视频源只有声音，不能以 HLS 播放",
                "The source has sound alone, which is not delivered by HLS",
                "改用 RTSP 收听",
                "Listen by RTSP",
            ),
            Self::Internal => (
                StatusCode::INTERNAL_SERVER_ERROR,
                "MEDIA-013",
                "媒体服务内部错误",
                "The media plane failed",
                "重试；若再次发生请查看日志",
                "Try again; see the log if it happens again",
            ),
        };
        Text { status, code, title, title_en, remedy, remedy_en }
    }

    /// The body as JSON text.
    pub fn json(self) -> String {
        let text = self.text();
        json!({
            "type": format!("urn:mingjing:problem:{}", text.code), "status": text.status.as_u16(), "code": text.code,
            "title": text.title, "title_en": text.title_en,
            "detail": text.title, "detail_en": text.title_en,
            "remedy": text.remedy, "remedy_en": text.remedy_en,
        })
        .to_string()
    }

    /// The whole answer.
    pub fn response(self) -> Response<Body> {
        let mut response = Response::new(full(self.json()));
        *response.status_mut() = self.status();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, header::HeaderValue::from_static("application/problem+json"));
        if self.status() == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, header::HeaderValue::from_static("Ticket"));
        }
        response
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Missing => Self::TicketMissing,
            Refusal::Malformed
            | Refusal::BadSignature
            | Refusal::Expired
            | Refusal::Used
            | Refusal::Revoked => Self::TicketRefused,
            Refusal::WrongKind | Refusal::WrongStream => Self::NotFound,
            Refusal::TooManyViewers => Self::TooManyViewers,
            Refusal::Closing => Self::Closing,
        }
    }
}
