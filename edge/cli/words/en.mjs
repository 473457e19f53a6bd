// What --help says, in English; other languages are beside it.

/** By command; `main` names the commands. */
export const HELP = {
  main: `laifang deploy   put the counter on your Cloudflare account
laifang serve    run it on this machine, behind any web server
laifang import   import another counter's numbers, or restore an export
laifang move     lead old addresses to new ones; their counts are added up
laifang doctor   say what is wrong with an installation, and what to do

Each explains itself: laifang serve --help`,
  deploy: `laifang deploy [options]

Asks for what is not given here. Run it again in the same folder to update, or to change an answer.

  --site SITE           a host that may count, such as example.cn (www. aside); *.example.cn for all below it.
                        Several: repeat it or separate them by commas
  --domain HOST         the counter's own address, such as count.example.cn; its zone must be on your account
  --workers-dev         no domain: an address under *.workers.dev, which is blocked or unreliable in mainland China
  --tag-pages HOST      the Worker also stands before this site of your account, such as www.example.cn, puts the tag into
                        its pages, and is at its /laifang/. Several: repeat it or separate them by commas; none: no more
  --token-file FILE     holds the owner's token, for the console and import; or set the variable ADMIN_TOKEN.
                        Without either you are asked, or a new one is made and shown once
  --new-token           replace the token by a new one
  --name NAME           the Worker's name (laifang)
  --folder FOLDER       where laifang.wrangler.json and laifang-assets, what visitors download, are kept (.)
  --address URL         where the counter is reached, if that is neither the domain nor workers.dev
  --dry-run             show each command and file, do nothing; needs no account`,
  serve: `laifang serve [options]

  --site SITE           a host that may count, such as example.cn (www. aside); *.example.cn for all below it.
                        Several: repeat it or separate them by commas. Without any, only pages of this machine count
  --port PORT           where to listen (8787)
  --host ADDRESS        on which address (127.0.0.1: this machine alone; 0.0.0.0 or :: for all)
  --data FOLDER         where the counts are kept (./laifang-data)
  --trusted-proxy ADDR  your web server's address or network: who the visitor is then comes from its
                        X-Forwarded-For or X-Real-IP. Several: repeat it or separate them by commas
  --token-file FILE     holds the owner's token, for the console and import; or set the variable ADMIN_TOKEN
  --metrics-port PORT   also tell numbers for Prometheus there, at /metrics on --host (off)
  --log-requests LEVEL  a line for each request: off, errors or all; no address and no page is in it (off)
  --var NAME=VALUE      any other setting, such as TIME_ZONE=Asia/Taipei; repeat it for several`,
  import: `laifang import --to URL --site SITE FILE
laifang import --to URL --site SITE --from busuanzi|vercount --sitemap URL

FILE is an export of a Laifang site (NDJSON), CSV with the columns page,views,visitors (page * is the whole site), or
what another counter exports: LeanCloud's Counter.0.jsonl, waline.json, twikoo-counter.json, GoatCounter's ZIP or CSV,
Plausible's or Umami's ZIP or CSV of pages; each plain or gzip. What is understood, and what would change, is shown first.

  --to URL              the counter, such as https://count.example.cn
  --site SITE           the site the numbers are of, such as example.cn
  --yes                 import without asking; without it and without a person to ask, nothing is changed
  --keep-higher         where more is counted already keep that, instead of refusing the import
  --replace             an export replaces what the site has; without it the site must be empty
  --token-file FILE     holds the owner's token; or set the variable ADMIN_TOKEN; else you are asked

  --from NAME           busuanzi or vercount: asks it about each page of the sitemap, one a second
  --sitemap URL         such as https://example.cn/sitemap.xml
  --state FILE          remembers the walk, so that it can be broken off and go on (laifang-SITE-NAME.ndjson)
  --pause-ms MS         pause between two pages (1000)
  --endpoint URL        where that counter is, if not at its usual place (a copy of your own, say)`,
  doctor: `laifang doctor PAGE [options]

Reads a page of yours as a browser would, and the counter that its tag leads to; runs no script and counts nothing.
Says what is wrong and what to do about it, and ends with 1 if anything is.

  --counter URL         the counter, such as https://count.example.cn or https://www.example.cn/laifang/.
                        Needed where a script adds the tag, and for what only the owner may ask
  --token-file FILE     holds the owner's token; or set the variable ADMIN_TOKEN. Then it is also seen whether published
                        counts are behind, and whom the counter takes visitors for. It is sent to --counter alone`,

  move: `laifang move --to URL --site SITE OLD NEW
laifang move --to URL --site SITE FILE
laifang move --to URL --site SITE --merge

OLD and NEW are addresses of pages: paths such as /2019/a.html, or full addresses. FILE is CSV with two columns, the old
address and the new one. What was counted for the old one is added to the new one: views, visitors and shares. From then
on the old address leads to the new one. What would change is shown first. The same address twice (/a /a) ends a move.

  --to URL              the counter, such as https://count.example.cn
  --site SITE           the site whose pages move, such as example.cn
  --merge               add up the pages that the site's setting “query” made one
  --yes                 move without asking; without it and without a person to ask, nothing is changed
  --token-file FILE     holds the owner's token; or set the variable ADMIN_TOKEN; else you are asked`,
};
