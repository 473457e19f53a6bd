// Where boxes of services that are gone stand: Baidu's, JiaThis's in all sizes, bShare's, share.js's, AddThis's.
// The counter looks for them to fetch the share box, which takes them over.
export const DEAD =
  ".bdsharebuttonbox,#bdshare,.bdshare_t,.bdshare_b,.bds_tools,[class*=jiathis_st],#ckepop,.bshare-custom,.bsharePop,.bshareDiv,.social-share,[class*=addthis_][class*=toolbox],.addthis_button";
