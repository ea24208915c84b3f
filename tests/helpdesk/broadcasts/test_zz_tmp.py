"""tmp."""
import random, itertools
from helpdesk.broadcasts.answer import _PRESSES
from helpdesk.broadcasts import pressing, presses
from helpdesk.broadcasts.presses import data
from helpdesk.editorial.answer import _PRESSES as ED
from tests.helpdesk.broadcasts.writing_room import *
async def test_fuzz(db, now):
    room=Room(db, now); await room.organisers(ANA,BEA,EVA); await room.families(15)
    rnd=random.Random(1)
    odd=["","-","ready","text","segment","all","tachira","0","1","99","²","٣","yes","no","a"*32,":","::","rule:all","rule:x","answer:step.appeal_now","kind.0","rule.0","rule.99999999999999999999","contact.0","@x","text:","\u202e","á","figure:rejected","rule.-1","rule.²"]
    await room.asked(ANA)
    verbs=[*_PRESSES,*pressing.VERBS,"new","another","list","zzz",""]
    for i in range(700):
        es=await room.all()
        who=rnd.choice([ANA,BEA,EVA])
        r=rnd.random()
        if r<.1:
            await room.type(who, rnd.choice(["/difusion","/difusiones","hola","/retirar hola qué tal","/restaurar","20 de noviembre","/cancelar","/organizar","/publicar","/publicar anterior","/estadisticas","x"*4000,"<b>","&amp;","@outcome.x","{x}","list:a|b"]))
        elif r<.6:
            e=rnd.choice(es) if es else None
            more=rnd.choice(odd+([e.broadcast.seal[:32]] if e else []))
            await room.send(who, data(rnd.choice(verbs), rnd.choice([b"",b"x"*16,e.id if e else b""]), more), rnd.randrange(1,300))
        else:
            await room.send(who, "ed."+rnd.choice([*ED,"x",""])+":"+rnd.choice(odd), 5)
        if rnd.random()<.03: room.wait(minutes=rnd.choice([1,70,-90,60*24*8]))
