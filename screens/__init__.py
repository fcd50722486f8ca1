"""What shoppers and staff see and touch.

A page (screens.widgets) is frozen data; everything here turns it into pixels and touches back into events:

    screen = Screen(Panel(px=(1080, 1920), mm=(194, 344)), brand="#E2001A")
    screen.show(page, now_ms)           lay out, compare with what is shown, start what has to move
    moving = screen.draw(now_ms)        draw what has changed into the back buffer; True while something moves
    screen.flip()                       bring it to the glass (after the commit)
    screen.touch("up", x, y, now_ms)    Event | Digit | Why | None
    screen.secret("pin")                what was typed into a secret field, once

For tests: press(text or id), settle(), words(), png(path). Lengths of the layout are reference pixels, 5.581
on a millimetre; a panel's own pixels and millimetres scale them. Only screen, paint, shapes, icons and text
know pygame. README.md is the design language.

    view, lane, start, basket, …     session → page
    widgets                          the words of a page
    theme, fonts                     colours, type, durations; a shop's colour; which file draws a character
    layout, arrange, sill, letters   what stands where: head, counter, sill
    counter, paper, shop, keys, kit  the pieces that stand there
    boxes, paragraph, bidi, pen      rows, columns, lines of words; reference pixels → panel pixels
    marks                            what a frame is made of; equal parts need no new paint
    motion                           what moves, and how far
    paint, shapes, icons, text       pixels
    lint, grounds                    what must never be found on a page; what is pale where it lies
"""
