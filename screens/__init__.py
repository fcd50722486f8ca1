"""What shoppers and staff see and touch.

A page (screens.widgets) is frozen data; everything here turns it into pixels and touches back into events:

    screen = Screen(Panel(px=(1080, 1920), mm=(194, 344)), brand="#E2001A")
    screen.show(page, now_ms)           lay out, compare with what is shown, start what has to move
    moving = screen.draw(now_ms)        draw what has changed into the back buffer; True while something moves
    screen.flip()                       bring it to the glass (after the commit)
    screen.touch("up", x, y, now_ms)    Event | Digit | Why | None
    screen.secret("pin-17")             what was typed into a secret field, once

For tests: press(text or id), settle(), words(), png(path). Lengths of the layout are reference pixels, 5.581 on
a millimetre; a panel's own pixels and millimetres scale them. Only screen, paint, shapes, icons and text know
pygame.

    widgets   the words of a page            theme     colours, type and durations; a shop's colour
    layout    page + panel -> frame          boxes     rows, columns, plates that know their size
    marks     what a frame is made of        pen       reference pixels -> panel pixels, mirrored if need be
    sill, counter, paper, shop, keys         what stands where
    motion    what moves, and how far        lint      what must never be found on a page
"""
