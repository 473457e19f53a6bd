// Where boxes of services that are gone stand: Baidu's, JiaThis's in all sizes, bShare's, share.js's, AddThis's.
// The counter looks for them to fetch the share box, which takes them over.
export const DEAD =
  ".bdsharebuttonbox,[class*=bdshare_],#bdshare,.bds_tools,[class*=jiathis_st],#ckepop,.bshare-custom,.bsharePop,.social-share,[class*=addthis_][class*=toolbox]";
