//! Which labels name which count, and what is only prose.

use super::*;
use crate::metric::*;
use crate::text::{fold, length, of};

fn found(text: &str, in_head: bool) -> Option<(usize, String)> {
    let mut units = of(text);
    let original = units.clone();
    fold(&mut units);
    let gap = (0..length(&units)).find_map(|start| at(&units, start, in_head, 0))?;
    let text = |units: &[u16]| String::from_utf16(units).unwrap();
    Some((
        gap.metric,
        format!("{}#{}", text(&original[..gap.from]), text(&original[gap.to..length(&original)])),
    ))
}

#[test]
fn a_label_names_its_count() {
    for (text, metric, expected) in [
        ("總訪問量：", SITE_VIEWS, "總訪問量：#"),
        ("本站总访问量 次", SITE_VIEWS, "本站总访问量 # 次"),
        ("瀏覽人次：0", SITE_VIEWS, "瀏覽人次：#"),
        ("浏览次数：", SITE_VIEWS, "浏览次数：#"),
        ("訪客人數: 7", SITE_VISITORS, "訪客人數: #"),
        ("參觀人數：______", SITE_VISITORS, "參觀人數：#"),
        ("今日訪問：", VIEWS_TODAY, "今日訪問：#"),
        ("今日访客：0人", VISITORS_TODAY, "今日访客：#人"),
        ("在线人数：", ONLINE, "在线人数：#"),
        ("本文閱讀 次", PAGE_VIEWS, "本文閱讀 # 次"),
        ("本頁瀏覽：0 次", PAGE_VIEWS, "本頁瀏覽：# 次"),
        ("點閱：\u{fffb}", PAGE_VIEWS, "點閱：#"),
        ("点击（0）", SITE_VIEWS, "点击（#）"),
        ("来源：云溪网 | 访问量：", SITE_VIEWS, "来源：云溪网 | 访问量：#"),
        ("累積訪問量：0", SITE_VIEWS, "累積訪問量：#"),
        ("访问用户：0", SITE_VISITORS, "访问用户：#"),
        ("访客数：", SITE_VISITORS, "访客数：#"),
        ("浏览量\u{fffb}次", SITE_VIEWS, "浏览量#次"),
        ("您好！本站访问人数：", SITE_VISITORS, "您好！本站访问人数：#"),
        ("昨日访问：0", VIEWS_YESTERDAY, "昨日访问：#"),
        ("昨日訪客：0 人", VIEWS_YESTERDAY + 1, "昨日訪客：# 人"),
        ("本週瀏覽人次：0", VIEWS_YESTERDAY + 2, "本週瀏覽人次：#"),
        ("當月訪問：0", VIEWS_YESTERDAY + 4, "當月訪問：#"),
        ("今年访客数：", VIEWS_YESTERDAY + 7, "今年访客数：#"),
        ("已有 0 人次访问", SITE_VIEWS, "已有 # 人次访问"),
        ("本站已有\u{fffb}人访问过！", SITE_VISITORS, "本站已有#人访问过！"),
        ("총 방문자 수 : 0 명", SITE_VISITORS, "총 방문자 수 : # 명"),
        ("오늘 방문자 0 명", VISITORS_TODAY, "오늘 방문자 # 명"),
        ("어제의 방문자수: 0", VIEWS_YESTERDAY + 1, "어제의 방문자수: #"),
        ("조회수 : 0", PAGE_VIEWS, "조회수 : #"),
        ("현재 접속자 : 0명", ONLINE, "현재 접속자 : #명"),
        ("Total visitors: 0", SITE_VISITORS, "Total visitors: #"),
        ("Yesterday's visitors: 0", VIEWS_YESTERDAY + 1, "Yesterday's visitors: #"),
        ("Visitors this month: \u{fffb}", VIEWS_YESTERDAY + 5, "Visitors this month: #"),
        ("Page views today: 0", VIEWS_TODAY, "Page views today: #"),
        ("Total website visits: 0", SITE_VIEWS, "Total website visits: #"),
        ("2012 | Visits: 0", SITE_VIEWS, "2012 | Visits: #"),
        ("总访问量：N/A", SITE_VIEWS, "总访问量：#"),
        ("总访问量：0今日访问：0", SITE_VIEWS, "总访问量：#今日访问：0"),
    ] {
        assert_eq!(found(text, false), Some((metric, expected.to_owned())), "{text}");
    }
}

#[test]
fn in_an_articles_head_views_are_the_pages_own() {
    for (text, metric) in [
        ("浏览次数：", PAGE_VIEWS),
        ("总访问量：", SITE_VIEWS),
        ("本站浏览量：", SITE_VIEWS),
        ("访问量：", PAGE_VIEWS),
    ] {
        assert_eq!(found(text, true).map(|found| found.0), Some(metric), "{text}");
    }
}

#[test]
fn prose_is_no_label() {
    for text in [
        "提高网站访问量的办法",
        "我们的访问量很高",
        "访问量 排名第一",
        "访问量，是一个指标",
        "点击：查看详情",
        "点击查看",
        "延伸阅读：",
        "阅读：",
        "请点击 这里",
        "在线客服",
        "浏览：首页",
        "访问我们",
        "访客须知：",
        "人气美食",
        "今日访客须知",
        "今年：0 人",
        "已有 0 人次访问, 0 个积分",
        "有 0 人访问",
        "昨日访问的 14 篇文章",
        "방문자 여러분",
        "첫 방문자를 위한 안내",
        "조회 결과: 0 건",
        "Visitors:",
        "Total visitors:",
        "visitors since 1974",
        "open to visitors this month.",
        "Welcome, visitors! 3 new pages",
        "Scheduled visits: 0",
        "total profile visits: 0",
        "阅读：0本书",
    ] {
        assert_eq!(found(text, false), None, "{text}");
    }
}
