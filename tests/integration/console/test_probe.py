def test_p(alice, anybody, customer, console):
    for r in console.app.router.routes: print(r.path, r.raw_path, sorted(r.methods), r.name, r.strict)
    import time
    t=time.time()
    r = alice.get("/console"); print(r.status_code, r.headers, r.text[:200])
    print(time.time()-t)
    for p,h in [("/console?before="+"9"*40+".x",{}),("/console/conversations/x/messages?after="+"9"*30,{}),("/console/conversations/x/messages?after="+"9"*5000,{}),("/console/live?after="+"9"*30,{"accept":"text/event-stream"}),
       ("/console",{b"cookie":b"ramah_session=\xff\xfe"}),("/api/webchat/kilap-web/messages",{b"authorization":b"Bearer "+b"\xff"*40}),("/chat/%ff%00",{}),("/chat/%00",{}),("/console/conversations/%00",{}),("/console?q=%00",{}),("/console/conversations/x/messages?after=%C2%B2",{}),("/readyz",{}),("/healthz",{}),("/metrics",{}),("/nowhere",{}),("/chat/kilap-web",{}),("/",{})]:
        c = alice.client
        try:
            with c.stream("GET",p,headers=h) as r: print(r.status_code,p[:60],h, r.headers.get("content-type"))
        except Exception as e: print("EXC",p[:40],repr(e))
    r=alice.client.post("/logout",headers={b"x-csrf-token":b"\xff"}); print(r.status_code)
    r=anybody.request("DELETE","/login"); print(r.status_code,r.headers)
    r=anybody.post("/webhooks/whatsapp/kilap-phone",content=b"{}",headers={b"x-hub-signature-256":b"sha256=\xff\xff"}); print(r.status_code,r.text)
    print(customer.say("x",payload="a\0b").text)
    print(customer.say("\0").text)
    print(customer.read())
    print(time.time()-t)
