//! One seed, one schedule: what happens to a site, in which order.

use crate::model::{Act, Reply, Request, Table};
use crate::world::{Mishap, World};
use laifang_tally::request::Kind;

/// Steps in one schedule.
const STEPS: std::ops::Range<u32> = 20..120;
const NETWORKS: [&str; 3] = ["weibo", "wechat", "copy"];

/// Runs the schedule of a seed. The error says which invariant was broken.
pub fn run(seed: u64) -> Result<(), String> {
    let mut clients =
        Clients { world: World::new(seed), waiting: Vec::new(), answered: Vec::new(), sent: 0, table: None };
    let steps = clients.world.rng.u32(STEPS);
    for _ in 0..steps {
        clients.step()?;
    }
    clients.world.finish()
}

/// One of eight addresses; without their queries they are five pages.
fn page(index: u8) -> String {
    if index < 5 { format!("/{index}") } else { format!("/{}?id={index}", index - 4) }
}

struct Clients {
    world: World,
    /// Sent and not answered yet: they may arrive in any order, and again.
    waiting: Vec<Request>,
    answered: Vec<(Request, Reply)>,
    sent: u64,
    table: Option<Table>,
}

impl Clients {
    fn step(&mut self) -> Result<(), String> {
        match self.world.rng.u8(..101) {
            0..45 => {
                let request = self.new_request();
                self.waiting.push(request);
                if self.world.rng.u8(..4) > 0 { self.deliver() } else { Ok(()) }
            }
            45..55 => self.deliver(),
            55..65 => self.repeat(),
            65..78 => self.pass(3_000),
            78..84 => self.pass(360_000),
            84..87 => self.pass(30 * 3_600_000),
            87..90 => {
                self.world.ahead_ms = self.world.rng.u64(..4 * 3_600_000);
                self.world.publisher_ahead_ms = 0;
                Ok(())
            }
            90..94 => self.world.crash(),
            94..95 => self.world.wake().map(|_| ()),
            95..96 => {
                let (drops_query, mishap) = (self.world.rng.bool(), self.mishap());
                self.world.configure(drops_query, mishap)
            }
            96..97 => {
                let mishap = self.mishap();
                self.answered.clear();
                self.world.reset(mishap)
            }
            97..98 => {
                self.answered.clear();
                self.world.lose_storage()
            }
            98..100 => self.import(),
            _ => self.publish(),
        }
    }

    /// A table, perhaps one that was brought in before; or pages moved or merged; or the site taken away, or brought back.
    fn import(&mut self) -> Result<(), String> {
        let mishap = self.mishap();
        match self.world.rng.u8(..12) {
            0 => self.world.export(),
            1 => {
                self.answered.clear();
                self.world.replace(mishap)
            }
            2..6 => {
                let (from, to) = (page(self.world.rng.u8(..8)), page(self.world.rng.u8(..8)));
                self.world.lead(&from, &to, mishap)
            }
            6 => self.world.merge(mishap),
            7 if self.table.is_some() => {
                let table = self.table.clone().unwrap_or_default();
                self.world.start(&table, mishap)
            }
            _ => {
                let table = self.new_table();
                self.table = Some(table.clone());
                self.world.start(&table, mishap)
            }
        }
    }

    fn new_table(&mut self) -> Table {
        let rng = &mut self.world.rng;
        let pages = (0..8_u8).filter(|_| rng.u8(..4) == 0).collect::<Vec<_>>();
        let mut count = |most| if rng.u8(..8) == 0 { rng.u64(..9) } else { rng.u64(30..most) };
        let site = (count(5_000), count(2_000));
        Table {
            site,
            pages: pages.into_iter().map(|page| (self::page(page), count(300), count(99))).collect(),
        }
    }

    fn new_request(&mut self) -> Request {
        self.sent += 1;
        let rng = &mut self.world.rng;
        let act = match rng.u8(..10) {
            0..7 => Act::View(Kind::Load),
            7..9 => Act::View(Kind::Route),
            _ => Act::Share(NETWORKS[rng.usize(..NETWORKS.len())]),
        };
        Request {
            id: format!("request-{:016}", self.sent),
            visitor: rng.u8(..9),
            page: page(rng.u8(..8)),
            act,
        }
    }

    fn mishap(&mut self) -> Mishap {
        let rng = &mut self.world.rng;
        match rng.u8(..20) {
            0 => Mishap::Storage(rng.u32(..3)),
            1 => Mishap::CrashBefore,
            2 => Mishap::CrashAfter,
            _ => Mishap::None,
        }
    }

    /// Delivers one of the waiting, not always the oldest; sometimes a copy of it stays under way.
    fn deliver(&mut self) -> Result<(), String> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        let index = self.world.rng.usize(..self.waiting.len());
        let request = self.waiting.swap_remove(index);
        if self.world.rng.u8(..10) == 0 {
            self.waiting.push(request.clone());
        }
        let mishap = self.mishap();
        match self.world.deliver(&request, mishap)? {
            Some(reply) => self.answered.push((request, reply)),
            None if self.world.rng.u8(..3) > 0 => self.waiting.push(request),
            None => {}
        }
        Ok(())
    }

    /// Sends an answered request again, saying something else under the same id.
    fn repeat(&mut self) -> Result<(), String> {
        if self.answered.is_empty() {
            return Ok(());
        }
        let index = self.world.rng.usize(..self.answered.len());
        let (mut request, _) = self.answered[index].clone();
        request.visitor = self.world.rng.u8(..9);
        let mishap = self.mishap();
        self.world.deliver(&request, mishap).map(|_| ())
    }

    fn pass(&mut self, at_most_ms: u64) -> Result<(), String> {
        let ms = self.world.rng.u64(..at_most_ms);
        self.world.pass(ms)?;
        self.publish()
    }

    fn publish(&mut self) -> Result<(), String> {
        for _ in 0..self.world.rng.u8(..4) {
            self.world.publish()?;
        }
        Ok(())
    }
}
