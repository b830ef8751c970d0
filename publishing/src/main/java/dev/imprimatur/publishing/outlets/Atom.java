package dev.imprimatur.publishing.outlets;

import java.io.StringWriter;
import java.net.URI;
import javax.xml.XMLConstants;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.jspecify.annotations.Nullable;

/** A page as Atom 1.0. */
final class Atom {
    private static final String NAMESPACE = "http://www.w3.org/2005/Atom";
    // The JDK's own, whatever else is on the class path: the bytes must not depend on that.
    private static final XMLOutputFactory XML = XMLOutputFactory.newDefaultFactory();

    private final XMLStreamWriter xml;

    private Atom(XMLStreamWriter xml) {
        this.xml = xml;
    }

    static String of(FeedPage page, FeedSettings settings) {
        StringWriter text = new StringWriter();
        try {
            new Atom(XML.createXMLStreamWriter(text)).feed(page, settings);
        } catch (XMLStreamException e) {
            throw new IllegalStateException("writing to memory cannot fail", e);
        }
        return text.toString();
    }

    private void feed(FeedPage page, FeedSettings settings) throws XMLStreamException {
        URI url = settings.atomUrl();
        xml.writeStartDocument("UTF-8", "1.0");
        xml.writeStartElement("feed");
        xml.writeDefaultNamespace(NAMESPACE);
        element("id", settings.id());
        element("title", settings.title());
        element("updated", page.updatedAt().toString());
        xml.writeStartElement("author");
        element("name", settings.author());
        xml.writeEndElement();
        link("self", page.self() == null ? url : page.self().on(url));
        link("alternate", settings.baseUrl());
        if (page.self() != null) {
            link("first", url);
        }
        if (page.next() != null) {
            link("next", page.next().on(url));
        }
        element("generator", "Imprimatur");
        for (FeedPage.Entry entry : page.entries()) {
            entry(entry);
        }
        xml.writeEndElement();
        xml.writeEndDocument();
        xml.flush();
    }

    private void entry(FeedPage.Entry entry) throws XMLStreamException {
        FeedPayload payload = entry.payload();
        xml.writeStartElement("entry");
        xml.writeAttribute("xml", XMLConstants.XML_NS_URI, "lang", payload.lang());
        element("id", Feed.entryId(entry.subject()));
        element("title", payload.title());
        element("updated", entry.updatedAt().toString());
        element("published", entry.publishedAt().toString());
        link("alternate", payload.link() == null ? null : URI.create(payload.link()));
        xml.writeStartElement("content");
        xml.writeAttribute("type", "html");
        xml.writeCharacters(legal(payload.contentHtml()));
        xml.writeEndElement();
        xml.writeEndElement();
    }

    private void element(String name, String text) throws XMLStreamException {
        xml.writeStartElement(name);
        xml.writeCharacters(legal(text));
        xml.writeEndElement();
    }

    private void link(String rel, @Nullable URI href) throws XMLStreamException {
        if (href != null) {
            xml.writeEmptyElement("link");
            xml.writeAttribute("rel", rel);
            xml.writeAttribute("href", href.toString());
        }
    }

    /** XML 1.0 has no way at all to write some characters; a reader would refuse the whole feed for one of them. */
    static String legal(String text) {
        StringBuilder legal = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            boolean fine =
                    c == '\t' || c == '\n' || (c >= ' ' && c <= 0xD7FF) || (c >= 0xE000 && c <= 0xFFFD) || c > 0xFFFF;
            // A parser would make a newline of a bare carriage return anyhow.
            legal.appendCodePoint(fine ? c : c == '\r' ? '\n' : 0xFFFD);
        });
        return legal.toString();
    }
}
