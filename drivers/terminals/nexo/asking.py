"""The requests that a till makes, each with a header of its own. Pure."""

from drivers.terminals.nexo.amounts import major
from drivers.terminals.nexo.config import Config
from drivers.terminals.nexo.meaning import Asked
from drivers.terminals.nexo.messages import (
    VERSION,
    AbortRequest,
    AmountsReq,
    DiagnosisRequest,
    MessageHeader,
    MessageReference,
    OriginalPOITransaction,
    PaymentData,
    PaymentRequest,
    PaymentTransaction,
    ReconciliationRequest,
    Request,
    ReversalRequest,
    SaleData,
    TransactionConditions,
    TransactionID,
    TransactionStatusRequest,
)
from kiosk.checkout.effects import Authorise, Reverse
from kiosk.checkout.money import TenderKind
from kiosk.units import Minor

RECEIPTS = "tenderOption=ReceiptHandler"  # the receipts come to the till as text
PARTIAL = "tenderOption=ReceiptHandler,AllowPartialAuthorisation"
BOTH_RECEIPTS = ("CashierReceipt", "CustomerReceipt")


class Asking:
    """Builds the requests of one till to one terminal."""

    def __init__(self, config: Config) -> None:
        self._config = config

    def payment(self, deed: Authorise, asked: Asked, now: str) -> Request:
        """Take so much, or less where the deed says `partial`; meal vouchers from the cards that are some only."""
        brands = self._config.voucher_brands if deed.kind is TenderKind.MEAL_VOUCHER else ()
        return self._payment(asked, now, PARTIAL if deed.partial else RECEIPTS, brands=brands)

    def refund(self, deed: Reverse, asked: Asked, now: str) -> Request:
        """Pay so much out to a card that is presented: where nothing finds the payment again."""
        return self._payment(asked, now, RECEIPTS, kind="Refund")

    def reversal(self, deed: Reverse, asked: Asked, original: TransactionID, now: str) -> Request:
        """Give back what that transaction took; a part of it where the deed is not over all that was taken."""
        whole = deed.original.amount == deed.amount
        options = RECEIPTS if whole else f"currency={asked.currency}&{RECEIPTS}"
        request = ReversalRequest(
            original_poi_transaction=OriginalPOITransaction(poi_transaction_id=original),
            reversal_reason="MerchantCancel",
            reversed_amount=None if whole else major(Minor(deed.amount), asked.currency),
            sale_data=_sale_data(asked, now, options),
        )
        return Request(message_header=self.header("Reversal", asked.service_id), reversal_request=request)

    def status(self, asked: Asked, service_id: str) -> Request:
        """What became of that request?"""
        request = TransactionStatusRequest(
            message_reference=self._reference(asked.category, asked.service_id),
            receipt_reprint_flag=True,
            document_qualifier=BOTH_RECEIPTS,
        )
        header = self.header("TransactionStatus", service_id)
        return Request(message_header=header, transaction_status_request=request)

    def abort(self, category: str, of: str, service_id: str) -> Request:
        """The wish that the request with the ServiceID `of` end."""
        request = AbortRequest(message_reference=self._reference(category, of), abort_reason="MerchantAbort")
        return Request(message_header=self.header("Abort", service_id), abort_request=request)

    def diagnosis(self, service_id: str) -> Request:
        request = DiagnosisRequest(host_diagnosis_flag=False)
        return Request(message_header=self.header("Diagnosis", service_id), diagnosis_request=request)

    def reconciliation(self, service_id: str) -> Request:
        request = ReconciliationRequest(reconciliation_type="SaleReconciliation")
        header = self.header("Reconciliation", service_id)
        return Request(message_header=header, reconciliation_request=request)

    def header(self, category: str, service_id: str) -> MessageHeader:
        return MessageHeader(
            protocol_version=VERSION,
            message_class="Service",
            message_category=category,
            message_type="Request",
            service_id=service_id,
            sale_id=self._config.sale_id,
            poiid=self._config.poi_id,
        )

    def _payment(
        self, asked: Asked, now: str, options: str, *, kind: str = "", brands: tuple[str, ...] = ()
    ) -> Request:
        amounts = AmountsReq(currency=asked.currency, requested_amount=major(asked.amount, asked.currency))
        conditions = TransactionConditions(allowed_payment_brand=brands) if brands else None
        request = PaymentRequest(
            sale_data=_sale_data(asked, now, options),
            payment_transaction=PaymentTransaction(amounts_req=amounts, transaction_conditions=conditions),
            payment_data=PaymentData(payment_type=kind) if kind else None,
        )
        return Request(message_header=self.header("Payment", asked.service_id), payment_request=request)

    def _reference(self, category: str, of: str) -> MessageReference:
        return MessageReference(message_category=category, service_id=of, sale_id=self._config.sale_id)


def _sale_data(asked: Asked, now: str, options: str) -> SaleData:
    sale = TransactionID(transaction_id=asked.attempt, time_stamp=now)
    return SaleData(sale_transaction_id=sale, sale_to_acquirer_data=options)
