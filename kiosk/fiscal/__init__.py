"""What the tax office wants: Germany's signed receipts and data export, totals, and what each country's receipts need.

Pure. A fiscal device is driven by six calls, whatever the country: begin, finish, cancel, closing, export, health
(`drivers/fiscal/device.py`). Austria's RKSV (a chained signature for each receipt), Italy's RT, Spain's
TicketBAI and VERI*FACTU and Belgium's black box fit behind the same six and the same `FiscalSignature`: each would
be a module beside `kassenbeleg` that says what is signed, one beside `qr` that says what is printed, and a driver.
None is built.
"""
