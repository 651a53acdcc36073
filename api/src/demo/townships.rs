//! The small organisations of towns and streets that a whole province has by the thousand. The
//! names are common ones and not the real list, which the demo does not need.

/// Towns of a county.
const TOWNS: [&str; 14] = [
    "城关镇",
    "东川镇",
    "西河镇",
    "南坪镇",
    "北塬镇",
    "柳林镇",
    "石桥镇",
    "红川镇",
    "马营镇",
    "杨家乡",
    "新店乡",
    "青山乡",
    "大湾乡",
    "双泉乡",
];

/// Streets of a district or a county-level city.
const STREETS: [&str; 14] = [
    "东街街道",
    "西街街道",
    "南街街道",
    "北街街道",
    "中心街道",
    "新华街道",
    "建设街道",
    "文化街道",
    "河滨街道",
    "火车站街道",
    "园区街道",
    "东岗镇",
    "西湖镇",
    "北山镇",
];

/// The towns and streets of a county, by the ending of its name.
pub(super) fn townships(county: &str) -> [&'static str; 14] {
    if county.ends_with('县') { TOWNS } else { STREETS }
}
