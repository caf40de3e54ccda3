"""What is known of a customer elsewhere: its tickets, their papers and files, and what was done to it."""

from mikroserwis import edge
from mikroserwis.customers import queries
from mikroserwis.customers.api import shown
from mikroserwis.customers.api.blueprint import (
    CUSTOMER,
    CustomerDocuments,
    CustomerFiles,
    CustomerHistory,
    CustomerHistoryQuery,
    CustomerInvoiceOut,
    CustomerOrderOut,
    CustomerOrders,
    CustomerQuoteOut,
    blueprint,
)
from mikroserwis.customers.api.customers import load


@blueprint.get(f"{CUSTOMER}/tickets")
@blueprint.output(CustomerOrders)
@blueprint.doc(summary="The customer's tickets, the newest first (staff; a seller's own)")
def customer_tickets(customer_id: int) -> CustomerOrders:
    """At most 100."""
    session, found = edge.session(), load(customer_id, "customers.see")
    items = [
        CustomerOrderOut(
            number=one.number, type=one.type, state=one.state, opened_on=one.opened_on, closed_on=one.closed_on
        )
        for one in queries.orders(session, found)
    ]
    return CustomerOrders(items=items, total=queries.count_orders(session, found))


@blueprint.get(f"{CUSTOMER}/documents")
@blueprint.output(CustomerDocuments)
@blueprint.doc(summary="Quotes, signed papers and invoices of the customer's tickets (staff; a seller's own)")
def customer_documents(customer_id: int) -> CustomerDocuments:
    """A quote's paper is at /tickets/{number}/quotes/{version}.pdf."""
    papers = queries.papers(edge.session(), load(customer_id, "customers.see"))
    return CustomerDocuments(
        quotes=[
            CustomerQuoteOut(
                ticket=ticket,
                number=one.number,
                state=one.state,
                made_on=one.made_on,
                gross=one.gross,
                currency=one.currency,
            )
            for one, ticket in papers.quotes
        ],
        signed=[shown.file(one, ticket) for one, ticket in papers.signed],
        invoices=[
            CustomerInvoiceOut(
                ticket=ticket, number=one.number, issued_on=one.issued_on, gross=one.gross, file_id=one.file_id
            )
            for one, ticket in papers.invoices
        ],
    )


@blueprint.get(f"{CUSTOMER}/files")
@blueprint.output(CustomerFiles)
@blueprint.doc(summary="Files of the customer's tickets, the newest first (staff; a seller's own)")
def customer_files(customer_id: int) -> CustomerFiles:
    """At most 100; replaced and rejected ones too."""
    found = queries.files(edge.session(), load(customer_id, "customers.see"))
    return CustomerFiles(items=[shown.file(one, ticket) for one, ticket in found])


@blueprint.get(f"{CUSTOMER}/history")
@blueprint.input(CustomerHistoryQuery, location="query")
@blueprint.output(CustomerHistory)
@blueprint.doc(summary="What was done to the customer, the newest first (staff; a seller's own)")
def customer_history(customer_id: int, query_data: CustomerHistoryQuery) -> CustomerHistory:
    """With old and new values."""
    found = load(customer_id, "customers.see")
    return shown.changes(queries.trail(edge.session(), found, query_data.before))
