// What the commands say in Simplified Chinese. The Traditional is made from it when the package is assembled.

/** By command, with the same options as in English. */
export const HELP = {
  main: `laifang deploy   把计数器装到您的 Cloudflare 账号
laifang serve    在这台机器上运行，可以放在任何网页服务器后面
laifang import   带来别的计数器的数字，或者恢复导出的文件
laifang move     页面换了网址：让旧网址通到新网址，次数加在一起
laifang doctor   看看装得对不对，不对的地方怎么办

各个命令的用法：laifang serve --help`,
  deploy: `laifang deploy [选项]

没写的会问您。要升级或者改答案，在同一个文件夹里再运行一次。

  --site SITE           可以计数的域名，例如 example.cn（有没有 www. 都算）；*.example.cn 是它下面的全部。
                        有几个，就写几次，或者用逗号隔开
  --domain HOST         计数器自己的地址，例如 count.example.cn；这个域名要在您的 Cloudflare 账号里
  --workers-dev         不用域名：地址在 *.workers.dev 下面，这类地址在中国大陆打不开或者不稳定
  --tag-pages HOST      让 Worker 也站在您账号里的这个网站前面，例如 www.example.cn：给它的网页加上那一行，
                        计数器就在它的 /laifang/ 下面。有几个，就写几次，或者用逗号隔开；none 是不再这样
  --token-file FILE     存有管理密钥的文件，管理后台和导入要用；也可以设环境变量 ADMIN_TOKEN。
                        两样都没有就会问您，或者生成一个，只显示一次
  --new-token           换一个新的管理密钥
  --name NAME           Worker 的名字（laifang）
  --folder FOLDER       laifang.wrangler.json 和访客下载的文件 laifang-assets 放在哪里（.）
  --address URL         计数器的地址，如果既不是上面的域名，也不是 workers.dev
  --dry-run             只显示每一条命令和文件，什么也不做；不需要账号`,
  serve: `laifang serve [选项]

  --site SITE           可以计数的域名，例如 example.cn（有没有 www. 都算）；*.example.cn 是它下面的全部。
                        有几个，就写几次，或者用逗号隔开。一个也不写，就只数本机的网页
  --port PORT           监听的端口（8787）
  --host ADDRESS        监听的地址（127.0.0.1：只有本机；0.0.0.0 或 :: 是全部）
  --data FOLDER         数字放在哪里（./laifang-data）
  --trusted-proxy ADDR  您的网页服务器的地址或网段：访客的地址就看它写的 X-Forwarded-For 或 X-Real-IP。
                        有几个，就写几次，或者用逗号隔开
  --token-file FILE     存有管理密钥的文件，管理后台和导入要用；也可以设环境变量 ADMIN_TOKEN
  --metrics-port PORT   另开一个端口，在 --host 的 /metrics 上给 Prometheus 看（默认不开）
  --log-requests LEVEL  每个请求记一行：off、errors（只记出错的）或 all；里面没有地址，也没有网页（off）
  --var NAME=VALUE      别的设置，例如 TIME_ZONE=Asia/Taipei；有几个就写几次`,
  import: `laifang import --to URL --site SITE FILE
laifang import --to URL --site SITE --from busuanzi|vercount --sitemap URL

FILE 是来访导出的文件（NDJSON）、列为 page,views,visitors 的 CSV（page 写 * 是全站），或者别的计数器导出的：
LeanCloud 的 Counter.0.jsonl、waline.json、twikoo-counter.json、GoatCounter 的 ZIP 或 CSV、
Plausible 和 Umami 的 ZIP 或页面 CSV；都可以是 gzip 压缩的。会先显示读懂了什么、要改什么。

  --to URL              计数器的地址，例如 https://count.example.cn
  --site SITE           这些数字是哪个网站的，例如 example.cn
  --yes                 不问就导入；没有它，也没有人回答，就什么也不改
  --keep-higher         已有的数字更大就保留，而不是拒绝整个导入
  --replace             用导出的文件替换网站现有的一切；没有它，网站必须是空的
  --token-file FILE     存有管理密钥的文件；也可以设环境变量 ADMIN_TOKEN；都没有就会问您

  --from NAME           busuanzi（不蒜子）或 vercount：照着网站地图一页一页去问，一秒一页
  --sitemap URL         例如 https://example.cn/sitemap.xml
  --state FILE          记下问到哪里，中断了可以接着问（laifang-SITE-NAME.ndjson）
  --pause-ms MS         两页之间停多少毫秒（1000）
  --endpoint URL        那个计数器的地址，如果不在它平常的地方（比如您自己架的）`,
  doctor: `laifang doctor PAGE [选项]

像浏览器那样读您的一个网页，再看那一行指向的计数器；不运行网页里的脚本，也不计数。说出哪里不对、怎么办；有不对的就以 1 结束。

  --counter URL         计数器的地址，例如 https://count.example.cn 或 https://www.example.cn/laifang/。
                        那一行由网页里的脚本加上的要写；要检查管理密钥才看得到的，也要写
  --token-file FILE     存有管理密钥的文件；也可以设环境变量 ADMIN_TOKEN。有了它还会检查公布的数字是不是落后、
                        前面的网页服务器信不信得过。密钥只发给 --counter 写的地址`,

  move: `laifang move --to URL --site SITE OLD NEW
laifang move --to URL --site SITE FILE
laifang move --to URL --site SITE --merge

OLD 和 NEW 是页面的旧网址和新网址：写路径，例如 /2019/a.html，或者完整的网址。FILE 是两列的 CSV，一列旧网址，一列新网址。
旧网址的浏览次数、访客人数和分享都加到新网址上，从此旧网址就算作新网址。会先显示要改什么。
两个写成一样的（/a /a），就是取消：这个网址重新自成一页。

  --to URL              计数器的地址，例如 https://count.example.cn
  --site SITE           哪个网站的页面，例如 example.cn
  --merge               改了网站的“query”设置以后，把变成同一页的页面合并起来
  --yes                 不问就改；没有它，也没有人回答，就什么也不改
  --token-file FILE     存有管理密钥的文件；也可以设环境变量 ADMIN_TOKEN；都没有就会问您`,
};

/** By their English: {0}, {1}, … are values. */
export const MESSAGES = {
  "there is no command “{0}”. These are:\n{1}": "没有“{0}”这个命令。有这些：\n{1}",
  "the folder {0} is in use by another counter. Stop that one, or choose another folder with --data.": "文件夹 {0} 正由另一个计数器使用。请先停下它，或者用 --data 换一个文件夹。",
  "laifang: this machine has neither flock nor perl, so nothing stops a second counter on {0}. Take care that there is none: both would give the same numbers.": "laifang：这台机器没有 flock，也没有 perl，拦不住第二个计数器使用 {0}。请自己留意：两个同时运行，会发出同样的号码。",
  "the data folder {0} can't be written ({1}). Give this user the right to, or choose another with --data.": "数据文件夹 {0} 写不进去（{1}）。请给当前用户写入的权限，或者用 --data 换一个。",
  "\nThe counter needs an address of its own. Addresses under *.workers.dev are blocked or unreliable in mainland China:\nvisitors there would see no number. Name a host of a domain whose zone is on your Cloudflare account, such as\ncount.example.cn; it is set up for you. Only without visitors from there leave it empty for *.workers.dev.":
    "\n计数器要有自己的地址。*.workers.dev 下面的地址在中国大陆打不开或者不稳定，那里的访客会看不到号码。请写一个域名，\n例如 count.example.cn；它要在您的 Cloudflare 账号里，解析记录会替您添加。没有大陆访客的，才可以留空，用 *.workers.dev。",
  "TIME_ZONE={0} is not a time zone of the IANA list. Write one such as {1}.": "TIME_ZONE={0} 不是 IANA 列表里的时区。请写成例如 {1}。",
  "TRUSTED_PROXIES={0} is not understood. Write addresses such as 203.0.113.7 or networks such as 203.0.113.0/24.": "TRUSTED_PROXIES={0} 看不懂。请写地址或网段，例如 203.0.113.7 或 203.0.113.0/24。",
  "TAG_HOSTS={0} is not understood. Write hosts such as www.example.cn, separated by spaces.": "TAG_HOSTS={0} 看不懂。请写域名，例如 www.example.cn，几个之间用空格隔开。",
  "TAG_HOSTS is for Cloudflare. Here the web server in front puts the tag into pages: see the page “I have nginx and a static site” of the documentation.": "TAG_HOSTS 只用于 Cloudflare。在自己的服务器上，由前面的网页服务器给网页加上那一行：见文档“我有 nginx 和一个静态网站”。",
  "--log-requests takes off, errors or all, not “{0}”.": "--log-requests 要写 off、errors 或 all，不能是“{0}”。",
  "port {0}, for metrics, is taken by another program. Choose another with --metrics-port.": "给 Prometheus 的端口 {0} 已被别的程序占用。请用 --metrics-port 换一个。",
  "COUNT_BOTS={0} is not understood. Write COUNT_BOTS=on or COUNT_BOTS=off.": "COUNT_BOTS={0} 看不懂。请写成 COUNT_BOTS=on 或 COUNT_BOTS=off。",
  "{0}={1} is not understood. Write a whole number from {2} to {3}, such as {4}=1000.": "{0}={1} 看不懂。请写 {2} 到 {3} 之间的整数，例如 {4}=1000。",
  "the sitemap leads to {0}, which is inside this machine or its network; it was not opened. If that is meant, name it with --sitemap.": "网站地图指向 {0}，那是这台机器或者内网里的地址，没有打开。如果确实要读它，请用 --sitemap 写明。",
  "(made by the second command)": "（由第二条命令建立）",
  "--name takes small letters, digits and hyphens, not “{0}”.": "--name 只能用小写字母、数字和连字符，不能是“{0}”。",
  "“{0}” is not a host to put the counter at. Write one such as count.example.cn.": "“{0}”不能作计数器的地址。请写一个域名，例如 count.example.cn。",
  "Name at least one site whose pages may count, such as example.cn.": "请至少写一个可以计数的网站，例如 example.cn。",
  "Sites whose pages may count, separated by spaces:": "哪些网站可以计数（几个网站用空格隔开）：",
  "name the sites whose pages may count with --site example.cn.": "请用 --site example.cn 写明哪些网站可以计数。",
  "--domain and --workers-dev exclude each other.": "--domain 和 --workers-dev 只能写一个。",
  "name the counter's address with --domain count.example.cn, or say --workers-dev if no visitor is in mainland China.": "请用 --domain count.example.cn 写明计数器的地址；没有大陆访客的，可以写 --workers-dev。",
  "The counter's address:": "计数器的地址：",
  "The owner's token, for the console and import (nothing shows as you type; Enter makes a new one):": "管理密钥，管理后台和导入要用（输入时不显示；直接按 Enter 就生成一个）：",
  "the workers.dev address": "workers.dev 的地址",
  "unless the list has it": "列表里已有就不做",
  "write {0}:": "写入 {0}：",
  "the token goes in by standard input, unseen": "密钥从标准输入传入，不会显示",
  "check {0}: health, widget.js, a preflight, a page of nobody's, reading counts": "检查 {0}：health、widget.js、预检请求、名单以外的网页、读数",
  "This is what would be done; nothing was.\n": "会做下面这些；现在什么也没有做。\n",
  "listing the KV namespaces": "列出 KV 存储",
  "creating the KV namespace {0}": "建立 KV 存储 {0}",
  "the KV namespace {0} was created but is not in the list yet. Wait a minute, then run this again.": "KV 存储 {0} 已经建立，但还没有出现在列表里。请等一分钟再运行一次。",
  "listing the secrets": "列出密钥",
  "setting the owner's token": "设置管理密钥",
  "\nThe owner's token, shown this once; keep it where you keep passwords:\n\n  {0}\n": "\n管理密钥只显示这一次，请存进密码管理器：\n\n  {0}\n",
  "the counter is deployed, but wrangler did not say where. Look its address up at https://dash.cloudflare.com/ and run this again with --address.": "计数器已经部署，但 wrangler 没有说在哪里。请到 https://dash.cloudflare.com/ 查看地址，再带上 --address 运行一次。",
  '\nThe counter runs. Paste this line into your pages:\n\n  <script async crossorigin src="{0}/widget.js" data-share></script>\n\nNumbers and settings: {1}/console   How to paste it, and more: {2}/docs/':
    '\n计数器已经在运行。把这一行贴进网页：\n\n  <script async crossorigin src="{0}/widget.js" data-share></script>\n\n数字和设置：{1}/console   怎么贴，以及别的：{2}/docs/',
  "nobody is logged in to Cloudflare. {0}": "还没有登录 Cloudflare。{0}",
  "wrote {0}": "写好了 {0}",
  "deploying": "部署",
  "{0} can't be read as JSON. Mend it, or move it away to begin anew (the counter's numbers stay in your account).": "{0} 不是正确的 JSON。请改正它，或者移走它重新开始（数字在您的账号里，不会丢）。",
  "put what visitors download into {0}; what the release before had there under names with a fingerprint stays": "把访客下载的文件放进 {0}；上一版带指纹的文件会留在那里",
  "the folder {0}, for the files visitors download, can't be written ({1}). Give this user the right to.": "放访客下载文件的文件夹 {0} 写不进去（{1}）。请给当前用户写入的权限。",
  "{0} can't be written ({1}). Go to a folder of yours, or name one with --folder.": "{0} 写不进去（{1}）。请换到您自己的文件夹，或者用 --folder 指定一个。",
  "name the counter with --to https://count.example.cn.": "请用 --to https://count.example.cn 写明是哪个计数器。",
  "name the site the numbers are of with --site example.cn.": "请用 --site example.cn 写明是哪个网站的数字。",
  "--site takes a host such as example.cn, not “{0}”.": "--site 要写域名，例如 example.cn，不能是“{0}”。",
  "--from takes busuanzi or vercount, not “{0}”.": "--from 可以写 busuanzi 或 vercount，不能是“{0}”。",
  "name the site's sitemap with --sitemap https://example.cn/sitemap.xml.": "请用 --sitemap https://example.cn/sitemap.xml 写明网站地图的地址。",
  "name one file to import, or another counter with --from. Add --help to see more.": "请写一个要导入的文件，或者用 --from 写明别的计数器。加上 --help 可以看用法。",
  "either a file or --from, not both.": "文件和 --from 只能写一样。",
  "the owner's token is missing: set the variable ADMIN_TOKEN, or name a file that holds it with --token-file.": "没有管理密钥：请设环境变量 ADMIN_TOKEN，或者用 --token-file 指定存有它的文件。",
  "The owner's token (nothing shows as you type):": "管理密钥（输入时不显示）：",
  "reading {0}": "正在读 {0}",
  "{0} pages of {1} in the sitemap; addresses of other sites left out: {2}": "网站地图里有 {1} 的 {0} 个页面；不属于它、略过的网址：{2}",
  "the sitemap names no page of {0}. Look at --site and --sitemap.": "网站地图里没有 {0} 的页面。请核对 --site 和 --sitemap。",
  "--sitemap takes an address such as https://example.cn/sitemap.xml, not “{0}”.": "--sitemap 要写网址，例如 https://example.cn/sitemap.xml，不能是“{0}”。",
  "{0} s": "{0} 秒",
  "{0} min": "{0} 分钟",
  "{0} pages are in {1} already": "{1} 里已经有 {0} 个页面",
  "{0} of {1} pages, {2} left": "共 {1} 个页面，问了 {0} 个，还要 {2}",
  "{0}; waiting {1}": "{0}；等 {1}",
  "{0} pages read from {1}": "从 {1} 读到 {0} 个页面",
  "wrote {0}: look it over, change it if you like; it can be imported again as a file": "写好了 {0}：可以看一看、改一改，它也能当作文件再导入",
  "  This was imported before: nothing changes.": "  以前导入过：什么也不会变。",
  "  views     {0} → {1}": "  浏览次数  {0} → {1}",
  "  visitors  {0} → {1}": "  访客人数  {0} → {1}",
  "  pages     {0} new, {1} changed, {2} removed": "  页面      新增 {0}，改动 {1}，去掉 {2}",
  "  days      {0}": "  天数      {0}",
  "  {0} lines name a page that another line names differently (/a/ and /a); their counts were added up": "  有 {0} 行和别的行写法不同、其实是同一页（/a/ 和 /a），数字加在一起了",
  "  {0} counts were higher already and stay": "  有 {0} 个数字原来就更大，保留不动",
  "{0} is not encrypted: the owner's token could be read on the way. Use https://, or run this on the machine that serves, with --to localhost:8787.": "{0} 没有加密，管理密钥在路上可能被人看见。请用 https://，或者在运行计数器的机器上用 --to localhost:8787。",
  "\nWhat would change at {0}:": "\n{0} 会有这些变化：",
  "Import it?": "要导入吗？",
  "either --merge or addresses, not both.": "--merge 和网址只能写一样。",
  "name an old address and its new one, or a CSV file of such pairs. Add --help to see more.": "请写一个旧网址和它的新网址，或者一个列出它们的 CSV 文件。用法见 --help。",
  "      adds {0} views and {1} visitors, which makes {2} and {3}": "      加上浏览 {0} 次、访客 {1} 位，共有浏览 {2} 次、访客 {3} 位",
  "  … and {0} more": "  ……还有 {0} 个",
  "  {0} is a page of its own again and begins at zero": "  {0} 重新自成一页，从零数起",
  "  pages     {0} → {1}": "  页面  {0} → {1}",
  "There is nothing to change at {0}.": "{0} 上没有要改的。",
  "What would change at {0}, for good:": "{0} 上会有这些变化，不能撤销：",
  "Do it?": "要改吗？",
  "Nothing was changed. Add --yes to do it.": "什么也没有改。要改，请加上 --yes。",
  "\nDone at {0}:": "\n已经改好（{0}）：",
  "Nothing was changed. Add --yes to import it.": "什么也没有改。要导入，请加上 --yes。",
  "\nImported to {0}:": "\n已经导入 {0}：",
  "{0} answers, release {1}": "{0} 有应答，版本 {1}",
  "waiting for {0} (a new domain's certificate takes a minute or two)": "正在等 {0}（新域名的证书要一两分钟）",
  "release {0}": "版本 {0}",
  "the counter is deployed, but {0}/v1/health does not answer with release {1} yet ({2}). A new domain may take some minutes: open the address in a browser, and run this again to check.": "计数器已经部署，但 {0}/v1/health 还没有答出版本 {1}（{2}）。新域名可能要几分钟：请用浏览器打开这个地址，再运行一次来检查。",
  "the script pages load": "网页加载的脚本",
  "a browser's preflight": "浏览器的预检请求",
  "a page of nobody's is refused": "名单以外的网页会被拒绝",
  "the counts of {0} can be read": "{0} 的数字读得到",
  "the owner's token is known": "管理密钥有效",
  "the counter answers, but not as it should: {0}? {1}{2} said {3} {4}\nRun this again; a change takes up to a minute to be everywhere.": "计数器有应答，但不对：{0}？{1}{2} 答的是 {3} {4}\n请再运行一次；改动传到各地要一分钟左右。",
  "{0} can't be read ({1}).": "{0} 读不了（{1}）。",
  "the owner's token does not belong on the command line: your shell keeps it in its history and every user of this machine can read it. Put it into the variable ADMIN_TOKEN or into a file named with --token-file, or type it when asked.": "管理密钥不要写在命令行里：命令的历史会留下它，这台机器上的别人也看得到。请放进环境变量 ADMIN_TOKEN 或者 --token-file 指定的文件，或者等问到时再输入。",
  "{0}. Add --help to see what there is.": "{0}。加上 --help 可以看有哪些选项。",
  "{0} takes a whole number from {1} to {2}, not “{3}”.": "{0} 要写 {1} 到 {2} 的整数，不能是“{3}”。",
  "--var takes NAME=VALUE, such as TIME_ZONE=Asia/Taipei, not “{0}”.": "--var 要写成 NAME=VALUE，例如 TIME_ZONE=Asia/Taipei，不能是“{0}”。",
  "“{0}” is not the name of a site. Write its host alone, such as example.cn, or *.example.cn for all below it.": "“{0}”不是网站的名字。请只写域名，例如 example.cn；它下面的全部写作 *.example.cn。",
  "{0} takes an address such as https://count.example.org, not “{1}”.": "{0} 要写网址，例如 https://count.example.org，不能是“{1}”。",
  "{0} is empty; write the owner's token into it.": "{0} 是空的，请把管理密钥写进去。",
  "the token's file {0} can't be read ({1}).": "存密钥的文件 {0} 读不了（{1}）。",
  "the owner's token may hold letters, digits and signs of ASCII, no spaces.": "管理密钥只能用英文字母、数字和半角符号，不能有空格。",
  "the owner's token is too short: use {0} characters or more.": "管理密钥太短：至少要 {0} 个字符。",
  "it answered {0}": "它答的是 {0}",
  "no --site was given: only pages on {0} count, for trying it out.": "没有写 --site：只数 {0} 上的网页，供试用。",
  "no owner's token was given (ADMIN_TOKEN or --token-file): the console and import are off. To turn them on, start with ADMIN_TOKEN set to 16 characters or more.": "没有给管理密钥（ADMIN_TOKEN 或 --token-file）：管理后台和导入不能用。要用它们，请设好 ADMIN_TOKEN（至少 16 个字符）再启动。",
  "laifang: a request names its visitor in X-Forwarded-For or X-Real-IP, but was not believed; it counts as a visit from {0}. If {1} is a web server of yours, start with --trusted-proxy {2} and let it set both headers.": "laifang: 有请求在 X-Forwarded-For 或 X-Real-IP 里说出了访客的地址，但不能相信，算作来自 {0} 的访问。如果 {1} 是您的网页服务器，请加上 --trusted-proxy {2} 启动，并让它写好这两行。",
  "this system has {0}; laifang serve needs glibc {1} or newer: Ubuntu 22.04, Debian 12 or later, or a container of one of these.": "这个系统的 C 库（{0}）不行：laifang serve 要 glibc {1} 或更新，例如 Ubuntu 22.04、Debian 12 以上，或者它们的容器。",
  "port {0} is taken by another program. Stop what uses it, or choose another with --port.": "端口 {0} 已经被别的程序占用。请停下那个程序，或者用 --port 换一个。",
  "port {0} needs more rights than this user has. Choose another with --port.": "当前用户没有权限使用端口 {0}。请用 --port 换一个。",
  "this machine has no address {0}. Choose one with --host.": "这台机器没有 {0} 这个地址。请用 --host 另选一个。",
  "the counter started but does not answer at {0}. Start it again; if that does not help, look for a firewall on this machine.": "计数器已经启动，但 {0} 没有应答。请再启动一次；还是不行，就看看这台机器的防火墙。",
  "laifang: workerd ended unexpectedly ({0}). What was counted is kept; start again.": "laifang: workerd 意外停下了（{0}）。数过的都在，请重新启动。",
  "the sitemap {0} can't be reached ({1}). Look at its address and at this machine's network.": "连不上网站地图 {0}（{1}）。请核对地址，看看这台机器的网络。",
  "the sitemap {0} can't be read ({1}). Open it in a browser; robots.txt often names the right one.": "网站地图 {0} 读不到（{1}）。请用浏览器打开看看；robots.txt 里常写着正确的地址。",
  "the sitemap {0} is broken ({1}).": "网站地图 {0} 是坏的（{1}）。",
  "busuanzi can't be read without counting: each page asked about gains one view there. The imported numbers leave those out.": "不蒜子没有办法光读不数：每问一页，它那边就多一次。导入的数字已经扣掉了这些。",
  "busuanzi's answer is not understood: {0}": "看不懂不蒜子的回答：{0}",
  "vercount's answer is not understood: {0}": "看不懂 Vercount 的回答：{0}",
  "stopped; nothing more was done.": "已经停下，没有再做什么。",
  "the input ended before the question was answered; nothing more was done.": "还没有回答，输入就结束了；没有再做什么。",
  "--trusted-proxy takes addresses such as 127.0.0.1 or networks such as 10.0.0.0/8, not “{0}”.": "--trusted-proxy 要写地址，例如 127.0.0.1，或者网段，例如 10.0.0.0/8，不能是“{0}”。",
  "The owner's token is another one: it is the ADMIN_TOKEN of that deployment.": "管理密钥不对：要用那个部署的 ADMIN_TOKEN。",
  "Add the site to the deployment's SITES (laifang deploy, or --site of laifang serve), then run this again.": "请先把网站加进那个部署的名单（laifang deploy，或者 laifang serve 的 --site），再运行一次。",
  "Is --to the counter's own address, and has the deployment an owner's token (ADMIN_TOKEN)?": "--to 是不是计数器自己的地址？那个部署有没有设管理密钥（ADMIN_TOKEN）？",
  "Numbers that were given are never lowered: --keep-higher keeps what is higher already; --replace lets an export replace what is there.": "已经给出的号码不会改小：--keep-higher 保留更大的；--replace 用导出的文件替换现有的。",
  "Split the file.": "请把文件拆开。",
  "Wait a minute, then run this again.": "请等一分钟再运行一次。",
  "Run this again; importing twice is the same as once.": "请再运行一次；导入两遍和一遍一样。",
  "{0} can't be reached ({1}). Look at the address and at this machine's network; running this again is safe.": "连不上 {0}（{1}）。请核对地址，看看这台机器的网络；再运行一次没有关系。",
  "{0} answered {1}: {2} {3}": "{0} 答的是 {1}：{2} {3}",
  "checking: {0} MB sent": "正在检查：已发送 {0} MB",
  "importing: {0} MB sent": "正在导入：已发送 {0} MB",
  "{0} is of another walk ({1}: {2}). Move it away, or name another file with --state.": "{0} 记的是另一次（{1}：{2}）。请移走它，或者用 --state 换一个文件。",
  "{0} is damaged. Move it away to begin the walk anew, or name another file with --state.": "{0} 坏了。请移走它从头问起，或者用 --state 换一个文件。",
  "{0} can't be written ({1}). Name another file with --state.": "{0} 写不进去（{1}）。请用 --state 换一个文件。",
  "the counter's answer about {0} holds no counts. Is it the right kind of counter?": "那个计数器关于 {0} 的回答里没有数字。是这一种计数器吗？",
  "the counter stopped answering at {0} ({1}). {2} of {3} pages are in {4}; run the same command again to go on from there.": "问到 {0} 时，那个计数器不再回答（{1}）。共 {3} 个页面，已有 {2} 个记在 {4} 里；再运行同一条命令，就接着问。",
  "Log in with  npx {0} login  or set the variable CLOUDFLARE_API_TOKEN to a token that may edit Workers, then run this again.": "请用  npx {0} login  登录，或者把环境变量 CLOUDFLARE_API_TOKEN 设成可以编辑 Workers 的令牌，再运行一次。",
  "Your login has several accounts: set the variable CLOUDFLARE_ACCOUNT_ID to the one to use, then run this again.": "您的登录下有几个账号：请把环境变量 CLOUDFLARE_ACCOUNT_ID 设成要用的那个，再运行一次。",
  "The domain is not on this Cloudflare account: add its zone at https://dash.cloudflare.com/ and let its name servers point there, or name another domain with --domain.": "这个域名不在这个 Cloudflare 账号里：请在 https://dash.cloudflare.com/ 添加它，并把域名服务器指过去，或者用 --domain 换一个域名。",
  "That name has DNS records already: delete them in the zone, or choose another name with --domain.": "这个名字已经有解析记录：请先在域名里删掉，或者用 --domain 换一个名字。",
  "This account has no workers.dev name yet: open Workers once at https://dash.cloudflare.com/, or name a domain of yours with --domain.": "这个账号还没有 workers.dev 的名字：请到 https://dash.cloudflare.com/ 打开一次 Workers，或者用 --domain 写您的域名。",
  "Cloudflare or the npm registry could not be reached: look at this machine's network (and HTTPS_PROXY), then run this again.": "连不上 Cloudflare 或 npm：请看看这台机器的网络（和 HTTPS_PROXY），再运行一次。",
  "What wrangler said stands above. Once that is mended run this again: it goes on where it stopped, nothing is done twice.": "wrangler 说的话在上面。解决之后再运行一次：会从停下的地方接着做，不会做两遍。",
  "{0} failed. {1}": "{0}没有成功。{1}",
  "wrangler could not be started ({0}). It comes with npm's npx: install Node.js with npm, then run this again.": "wrangler 启动不了（{0}）。它要用 npm 的 npx：请装好带 npm 的 Node.js，再运行一次。",
  "the login did not come about. {0}": "没有登录成功。{0}",
  "{0} gave an answer that is not understood:\n{1}": "{0}时得到的回答看不懂：\n{1}",
  "An export of a Laifang site, CSV with the columns page,views,visitors, and the exports of LeanCloud, Waline, Twikoo, GoatCounter, Plausible and Umami can be imported.": "能导入的有：来访导出的文件，列为 page,views,visitors 的 CSV，以及 LeanCloud、Waline、Twikoo、GoatCounter、Plausible、Umami 导出的文件。",
  "{0} is empty.": "{0} 是空的。",
  "{0} is UTF-16. Save it as “CSV UTF-8”.": "{0} 是 UTF-16 编码，请另存为“CSV UTF-8”。",
  "{0} is not UTF-8 (perhaps GBK or Big5). Save it as “CSV UTF-8”.": "{0} 不是 UTF-8 编码（可能是 GBK 或 Big5），请另存为“CSV UTF-8”。",
  "{0} is not a text file (perhaps a picture or a document). {1}": "{0} 不是文本文件（可能是图片或文档）。{1}",
  "{0} is a SQLite database. Export the numbers from the counter that made it, then import that file.": "{0} 是 SQLite 数据库。请从原来的计数器里导出数字，再导入导出的文件。",
  "{0} is a web page, perhaps a sign-in page that was saved in place of the export. Download the export again.": "{0} 是网页，可能是没有登录就下载，存下了登录页。请重新下载导出的文件。",
  "{0} is XML, such as the export of WordPress or Disqus: it holds articles and comments, no views. {1}": "{0} 是 XML，例如 WordPress 或 Disqus 导出的，里面是文章和评论，没有浏览数。{1}",
  "{0} holds comments, no views. Export the view counts: in Twikoo “Export counter” (some versions 2.0 export comments there: update Twikoo first), in Waline the whole database, in LeanCloud the class Counter.": "{0} 里是评论，没有浏览数。请导出浏览数：在 Twikoo 点“导出访问量”（2.0 的有些版本在这里导出的也是评论，请先升级 Twikoo），Waline 导出整个数据库，LeanCloud 导出 Counter 这个 Class。",
  "{0} is a spreadsheet. Save the sheet as “CSV UTF-8”.": "{0} 是电子表格，请另存为“CSV UTF-8”。",
  "{0} is a part of GoatCounter's export. Name the ZIP file itself.": "{0} 只是 GoatCounter 导出的一部分，请写整个 ZIP 文件。",
  "{0} has the site's days and no pages. Name the ZIP file it was in, or the file with the pages.": "{0} 里只有全站每天的数字，没有页面。请写它所在的 ZIP 文件，或者有页面的那个文件。",
  "{0} is a table with the columns “{1}”, which are not known. {2}": "{0} 是表格，但从表头“{1}”看不出哪一列是页面、哪一列是浏览数。{2}",
  "{0} is an unknown kind of JSON: “{1}”. {2}": "{0} 是 JSON，但不是认得的一种：“{1}”。{2}",
  "{0} begins with “{1}”, which is an unknown kind of file. {2}": "{0} 的开头是“{1}”，不是认得的文件。{2}",
  "{0} is a ZIP file that can't be opened: it is damaged, or has a password. Download it again.": "{0} 这个 ZIP 文件打不开：损坏了，或者有密码。请重新下载。",
  "{0} is a ZIP file without known page counts. It contains: {1}. {2}": "{0} 这个 ZIP 文件里没有认得的页面数字。里面有：{1}。{2}",
  "{0} is too large once unpacked. Unpack it and name the file with the pages.": "{0} 解压后太大。请先解压，再写有页面的那个文件。",
  "{0} is a GoatCounter export of version {1}, which this version of Laifang does not know. Update Laifang, or export CSV there.": "{0} 是 GoatCounter 导出的第 {1} 版文件，这个版本的来访不认得。请升级来访，或者在那边导出 CSV。",
  "{0} was read, but none of its records is of a page of this site, such as “{1}”. Look at --site and at the file.": "{0} 读完了，但没有一条记录是这个网站的页面，例如“{1}”。请看看 --site 和文件对不对。",
  "{0} was read, but it has no view counts. Look at whether the counter was exported.": "{0} 读完了，但里面没有浏览数。请看看导出时有没有包括计数。",
  "{0}: line {1} is damaged. Nothing was imported. Export again, or fix the line.": "{0}：第 {1} 行损坏了。什么也没有导入。请重新导出，或者改好这一行。",
  "{0} ends in line {1}, so it is incomplete. Nothing was imported. Export again.": "{0} 到第 {1} 行就断了，不完整。什么也没有导入。请重新导出。",
  "{0}: line {1} has “{2}” where a count should be. Nothing was imported. Fix the line, or export again.": "{0}：第 {1} 行该是次数的地方写着“{2}”。什么也没有导入。请改好这一行，或者重新导出。",
  "{0}: line {1} has “{2}” where a time should be. Nothing was imported. Fix the line, or export again.": "{0}：第 {1} 行该是时间的地方写着“{2}”。什么也没有导入。请改好这一行，或者重新导出。",
  "{0}: line {1} has {2} columns, the heading has {3}. Nothing was imported. Fix the line, or export again.": "{0}：第 {1} 行有 {2} 列，表头有 {3} 列。什么也没有导入。请改好这一行，或者重新导出。",
  "{0}: line {1} counts a path ({2}) that paths.jsonl does not name. Nothing was imported. Export again.": "{0}：第 {1} 行的路径（{2}）在 paths.jsonl 里没有。什么也没有导入。请重新导出。",
  "{0} records name no page's path": "{0} 条记录没有写页面的路径",
  "{0} records are of another site": "{0} 条记录是别的网站的",
  "{0} paths are too long": "{0} 个路径太长",
  "{0} records have no count of views": "{0} 条记录没有浏览数",
  "{0} records are events, not page views": "{0} 条记录是事件，不是浏览",
  "It has no count of the whole site and no visitors: those stay as they are. Import a CSV file with the line * to set them.": "里面没有全站的数字，也没有访客数，这两样不变。要给全站一个起点，再导入一个有 * 那一行的 CSV。",
  "It has visits: the first view of a page in a session. They are imported as views and as visitors of the page.": "里面是访问次数：一次会话里第一次看某页才算。导入时既算页面的浏览数，也算页面的访客数。",
  "It has the visitors of pages: each is also imported as one view.": "里面是页面的访客数，每位访客也算一次浏览。",
  "The site's views are the sum of its pages; its visitors stay as they are.": "全站的浏览数取各页之和，全站的访客数不变。",
  "The file has exactly 100 or 1,000 records: Twikoo on Tencent CloudBase exports no more at once. Look at whether pages are missing.": "文件里正好有 100 或 1000 条记录：腾讯云开发上的 Twikoo 一次只能导出这么多。请看看有没有漏掉的页面。",
  "Such a file has at most 100 pages. The export in Plausible's site settings has all.": "这样的文件最多有 100 个页面；Plausible 网站设置里的导出才是全部。",
  "Such a file has at most 500 pages.": "这样的文件最多有 500 个页面。",
  "Days are not imported, only totals.": "每天的数字不导入，只导入总数。",
  "Understood: {0}, {1} pages": "读懂了：{0}，{1} 个页面",
  "Left out:   {0}": "没导入：{0}",
  "name one page of yours, such as https://www.example.cn/.": "请写您的一个网页，例如 https://www.example.cn/。",
  "“{0}” is not the address of a page.": "“{0}”不是网页的地址。",
  "{0} is not encrypted: the owner's token could be read on the way. Use https://, or run this on the machine that serves, with --counter localhost:8787.": "{0} 没有加密，管理密钥在路上可能被人看见。请用 https://，或者在运行计数器的机器上用 --counter localhost:8787。",
  "{0} can't be reached ({1})": "打不开 {0}（{1}）",
  "Look at the address. If a browser opens it from here, the server or its firewall refuses programs.": "请核对地址。如果在这里用浏览器打得开，就是服务器或防火墙不让程序访问。",
  "{0} answered {1}": "{0} 答的是 {1}",
  "Name a page that a browser shows without signing in.": "请写一个不用登录、浏览器就打得开的网页。",
  "{0} is no page, but {1}": "{0} 不是网页，而是 {1}",
  "Name a page that a browser shows.": "请写一个浏览器会显示的网页。",
  "read {0}": "读到了 {0}",
  "not looked at: whether published counts are behind, and whether the web server in front is believed. {0}": "没有检查：公布的数字是不是落后，前面网页服务器说的访客地址信不信得过。{0}",
  "To see that, name the counter with --counter and give the owner's token (ADMIN_TOKEN or --token-file).": "要检查，请用 --counter 写明计数器，并给管理密钥（ADMIN_TOKEN 或 --token-file）。",
  "To see that, give the owner's token (ADMIN_TOKEN or --token-file).": "要检查，请给管理密钥（ADMIN_TOKEN 或 --token-file）。",
  "To see that, name the counter with --counter: the owner's token goes to no address that only a page names.": "要检查，请用 --counter 写明计数器：管理密钥不会发给只由网页写出的地址。",
  "The tag leads to {0}; what only the owner may ask is asked at {1}.": "网页里的那一行指向 {0}；要管理密钥才能问的，问的是 {1}。",
  "\nWrong: {0}": "\n有 {0} 处不对。",
  "\nNothing wrong was found.": "\n没有发现不对的地方。",
  "the page's Content-Security-Policy stops the script: {0}": "网页的内容安全策略（CSP）拦住了脚本：{0}",
  "Give the tag the nonce that the page's other scripts have.": "请给那一行加上网页别的脚本所用的 nonce。",
  "Add {0} to script-src. Where there is no script-src yet, begin it with what default-src has.": "请把 {0} 加进 script-src。还没有 script-src 的，先照抄 default-src 的内容。",
  "the page's Content-Security-Policy stops the requests that count: {0}": "网页的内容安全策略（CSP）拦住了计数的请求：{0}",
  "Add {0} to connect-src. Where there is no connect-src yet, begin it with what default-src has.": "请把 {0} 加进 connect-src。还没有 connect-src 的，先照抄 default-src 的内容。",
  "the page's Content-Security-Policy does not know our policy of Trusted Types: {0}": "网页的内容安全策略（CSP）没有写上来访的 Trusted Types：{0}",
  "Add laifang to trusted-types.": "请把 laifang 加进 trusted-types。",
  "the page is sandboxed: {0}": "网页被沙盒限制：{0}",
  "Add allow-scripts and allow-same-origin to sandbox, or take it away.": "请在 sandbox 里加上 allow-scripts 和 allow-same-origin，或者去掉 sandbox。",
  "The Content-Security-Policy allows no WebAssembly, so a larger copy in plain JavaScript is loaded. 'wasm-unsafe-eval' in script-src spares that.": "内容安全策略（CSP）不许运行 WebAssembly，会改用大一些的普通 JavaScript。script-src 里写上 'wasm-unsafe-eval' 就不用。",
  "the page's Content-Security-Policy allows the counter": "网页的内容安全策略（CSP）没有拦计数器",
  "the page has no Content-Security-Policy": "网页没有内容安全策略（CSP）",
  "a page came in place of a script": "得到的是网页，不是脚本",
  "the tag's integrity is not that of {0}, so browsers refuse the script": "那一行的 integrity 和 {0} 对不上，浏览器不会运行它",
  "Copy the tag again from {0}. A hash belongs to an address that names a release, such as /v/1.0.0/widget.js.": "请到 {0} 重新复制那一行。校验值只能配写明版本的地址，例如 /v/1.0.0/widget.js。",
  "the tag has integrity and no crossorigin, so browsers refuse the script": "那一行有 integrity 却没有 crossorigin，浏览器不会运行它",
  "Write crossorigin into the tag.": "请在那一行里加上 crossorigin。",
  "the tag's script {0} can't be loaded: {1}": "那一行的脚本 {0} 加载不了：{1}",
  "Open that address in a browser. It has to be the counter's own widget.js.": "请用浏览器打开这个地址看看；它应该是计数器自己的 widget.js。",
  "there is no tag in the page as its server sends it": "服务器发出的网页里没有那一行",
  "Paste the line into the page, generate the site anew, empty the CDN's cache. What a script of the page adds can't be seen from here: then name the counter with --counter.": "请把那一行贴进网页，静态网站要重新生成，CDN 要清缓存。如果是网页里的脚本加上的，从这里看不到：请用 --counter 写明计数器。",
  "the tag is in the page; the counter is {0}": "网页里有那一行，计数器是 {0}",
  "browsers don't run the tag: its type is “{0}”": "浏览器不会运行那一行：它的 type 是“{0}”",
  "Take the type away. If Cloudflare's Rocket Loader or a consent banner writes it, have it leave this script alone (data-cfasync=\"false\").": "请去掉 type。如果是 Cloudflare 的 Rocket Loader 或 Cookie 提示工具写上去的，让它别动这个脚本（data-cfasync=\"false\"）。",
  "the page is encrypted and the counter is not, so browsers load nothing from it": "网页是 https，计数器是 http，浏览器什么也不会加载",
  "Give the counter a certificate and write https:// into the tag.": "请给计数器装上证书，并把那一行改成 https://。",
  "The tag says data-mode=\"read\": numbers are shown, and nothing is counted.": "那一行写着 data-mode=\"read\"：只显示，不计数。",
  "the counter {0} can't be reached ({1})": "连不上计数器 {0}（{1}）",
  "Is it running? Look at its log, at its certificate, and at the web server in front of it.": "它在运行吗？请看看它的日志、证书和前面的网页服务器。",
  "{0} answered {1}, and not as a counter does": "{0} 答的是 {1}，不像是计数器",
  "Is this the counter's address? Where it is a folder of the site, the web server has to hand on all below it, with the folder taken off.": "这是计数器的地址吗？如果它在网站的一个文件夹下面，网页服务器要把下面的全部转过去，并去掉文件夹的名字。",
  "the counter answers, release {0}": "计数器有应答，版本 {0}",
  "browsers keep the counter's answers from the page: Access-Control-Allow-Origin is “{0}”": "浏览器不让网页读计数器的答复：Access-Control-Allow-Origin 是“{0}”",
  "The counter sets it to * itself. Let the web server in front hand it on, and add none of its own.": "计数器自己会写成 *。请让前面的网页服务器原样转出，不要另外加。",
  "pages of {0} may count": "{0} 的网页可以计数",
  "the counter refuses pages of {0}: its SITES do not have it": "计数器拒绝 {0} 的网页：名单（SITES）里没有它",
  "On Cloudflare run npx laifang deploy again and add it to the sites. On your own server start with --site {0} as well.": "在 Cloudflare 上：再运行一次 npx laifang deploy，把它加进网站里。自己的服务器：启动时再加一个 --site {0}。",
  "Look into the counter's log.": "请看看计数器的日志。",
  "the counter's clock agrees with this machine's": "计数器的时钟和这台机器一致",
  "the counter's clock says {0}, this machine's {1}": "计数器的时钟是 {0}，这台机器是 {1}",
  "Days begin and end by the counter's clock. Set the wrong one right, best by NTP (timedatectl set-ntp true).": "一天从什么时候算起，看的是计数器的时钟。请把不准的那个调准，最好自动对时（timedatectl set-ntp true）。",
  "Give --counter the address of the counter that this site counts with.": "--counter 请写这个网站所用的计数器的地址。",
  "Is --counter the counter's own address, and has the deployment an owner's token (ADMIN_TOKEN)?": "--counter 是不是计数器自己的地址？那个部署有没有设管理密钥（ADMIN_TOKEN）？",
  "what is stored of {0} can't be read, so it counts nothing": "{0} 保存的计数已经无法读取，现在不计数",
  "Open the console: it restores the published counts, or resets the site, after which an export can be imported.": "请打开管理后台：由已发布的计数恢复，或者清零以后导入导出过的文件。",
  "the counter can't write its checkpoints; with 65,536 hits waiting it would refuse more (now {0})": "计数器的检查点写不进去；等着的访问到 65,536 次，就会拒绝新的（现在 {0} 次）",
  "Look into its log. On your own server the disk may be full.": "请看看它的日志。自己的服务器，可能是磁盘满了。",
  "published counts are up to date": "公布的数字没有落后",
  "published counts are {0} minutes behind; documents waiting: {1}": "公布的数字落后了 {0} 分钟，还有 {1} 份没有写",
  "The day's writes to KV may be used up. On Cloudflare raise the variable KV_WRITES_PER_DAY if your plan allows more; on your own server start laifang serve with --var KV_WRITES_PER_DAY=10000. If that is not it, the counter's log says why they fail.": "可能是今天的 KV 写入次数用完了。在 Cloudflare 上：套餐允许的话，请调高变量 KV_WRITES_PER_DAY。自己的服务器：启动 laifang serve 时加上 --var KV_WRITES_PER_DAY=10000。不是的话，计数器的日志里有写不进去的原因。",
  "the counter is of an older release and does not say whom it takes visitors for: update it": "计数器的版本较旧，不会说它把访客当成谁：请升级",
  "X-Forwarded-For ({0}) and X-Real-IP ({1}) disagree, so visitors count as one: {2}": "X-Forwarded-For（{0}）和 X-Real-IP（{1}）不一致，访客都算成了同一个：{2}",
  "Let the web server in front set both from the connection, and hand on none that a visitor wrote.": "请让前面的网页服务器按实际的连接写好这两行，不要转出访客自己写的。",
  "requests come through {0}, which speaks for {1} and is not believed: its visitors count as one": "请求经过 {0}，它说访客是 {1}，但计数器不信它：从它来的人都算成了同一个",
  "If {0} is a web server or CDN of yours: start laifang serve with --trusted-proxy {1}, or set TRUSTED_PROXIES on Cloudflare.": "如果 {0} 是您的网页服务器或 CDN：启动 laifang serve 时加上 --trusted-proxy {1}，Cloudflare 上则设 TRUSTED_PROXIES。",
  "the web server in front does not say who the visitor is: everybody is {0}": "前面的网页服务器没有说出访客是谁：人人都是 {0}",
  "Let it set X-Forwarded-For and X-Real-IP, and start laifang serve with --trusted-proxy {0}.": "请让它写好 X-Forwarded-For 和 X-Real-IP，并在启动 laifang serve 时加上 --trusted-proxy {0}。",
  "the counter takes this machine for {0}": "在计数器看来，这台机器是 {0}",
  "whether visitors can pass for others is not seen from inside: run this from elsewhere": "访客能不能冒充别人，从内部看不出来：请在别处再运行一次",
  "visitors can't pass for others": "访客不能冒充别人",
  "visitors can pass for others: a request that said it was {0} was believed": "访客可以冒充别人：有一个请求自称 {0}，计数器信了",
  "Let the web server in front write X-Forwarded-For and X-Real-IP itself, and name no network in --trusted-proxy or TRUSTED_PROXIES that visitors are in.": "请让前面的网页服务器自己写 X-Forwarded-For 和 X-Real-IP；--trusted-proxy 和 TRUSTED_PROXIES 里不要写访客所在的网段。",
  "it is inside this machine or its network, where visitors can't reach it; it was not opened": "它在这台机器里面或者内网里，访客到不了；没有打开它",
  "the counter {0} is inside this machine or its network, where visitors can't reach it; it was not asked": "计数器 {0} 在这台机器里面或者内网里，访客到不了；没有去问它",
  "Write the counter's public address into the tag.": "请在那一行里写计数器对外的地址。",
  "the page “I have nginx and a static site” of the documentation": "文档里的「我有 nginx 和一个静态网站」",
  "nginx says it, not the counter: it gets no answer from the address after proxy_pass. Look whether laifang serve runs there (systemctl status laifang) and at that port; nginx's error log names the reason. See {0}.": "这是 nginx 答的，不是计数器：proxy_pass 后面的地址没有应答。请看看 laifang serve 是不是在运行（systemctl status laifang），端口对不对；nginx 的错误日志里有原因。见{0}。",
  "With nginx that means: there is no location for the counter's folder, or another one wins (such as location ~ \\.js$), or its proxy_pass lacks the slash at the end. Write location ^~ /laifang/ with proxy_pass http://127.0.0.1:8787/; and run nginx -t and systemctl reload nginx. See {0}.": "用 nginx 的，可能是没有给计数器的文件夹写 location，或者被别的 location 抢先了（例如 location ~ \\.js$），或者 proxy_pass 的末尾少了斜杠。请写 location ^~ /laifang/，里面是 proxy_pass http://127.0.0.1:8787/;，再运行 nginx -t 和 systemctl reload nginx。见{0}。",
  "nginx hands out a page of the site there (try_files does): write location ^~ /laifang/ with proxy_pass http://127.0.0.1:8787/; so that no other location wins. See {0}.": "nginx 在这个地址给出的是网站的网页（try_files 会这样）：请写 location ^~ /laifang/，里面是 proxy_pass http://127.0.0.1:8787/;，别的 location 就抢不走了。见{0}。",
  "nginx can put it into every page: sub_filter in its server { … }. If it is there: a page without </head> gets none, nor does one that gzip_static hands out; a location with a sub_filter of its own does without the server's, and what another program has compressed stays as it is (proxy_set_header Accept-Encoding \"\"; in that location). See {0}.": "nginx 可以给每个网页加上：在 server { … } 里写 sub_filter。已经写了的：没有 </head> 的网页加不上，gzip_static 直接送出的也加不上；自己另有 sub_filter 的 location 不用外面的；别的程序压缩过的网页也加不上（在那个 location 里写 proxy_set_header Accept-Encoding \"\";）。见{0}。",
  "the counter believes what a web server at {0} says of its visitors": "{0} 上的网页服务器说访客是谁，计数器信它",
  "The counter believes nothing that {0} says of its visitors. If the web server at {1} reaches it from there, all visitors are one: start laifang serve with --trusted-proxy {2}.": "{0} 说访客是谁，计数器都不信。如果 {1} 的网页服务器也从那里连过来，所有访客就算成了同一个：启动 laifang serve 时请加上 --trusted-proxy {2}。",
  "the counter was asked at {0}, and visitors come by {1}: to see whether they are told apart, run this with --counter {2}": "问的是 {0}，访客走的是 {1}：要知道访客分不分得开，请用 --counter {2} 再运行一次",
  "whether the web server in front is believed is not seen from this machine (it is {0} here): run this from elsewhere": "前面网页服务器说的访客地址，计数器信不信，在这台机器上看不出来（在这里是 {0}）：请在别处再运行一次",
};
