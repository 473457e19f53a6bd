//! Files that owners bring in, by example: what is read, what is refused, what a site becomes.

mod exports;
mod goatcounter;
mod leancloud;
mod moves;
mod object;
mod storing;
mod tables;
