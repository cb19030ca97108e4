import Installer
import MutualTLS
import Terminal

/// A note derived from the settings of a form, shown on its page.
struct FormNote: Equatable, Sendable {
    var subject: String
    var text: String
    var style = Style.plain
    /// Of a note that needs attention.
    var severity: Finding.Severity?

    /// The sign before a note that needs attention: its colour alone may not be seen.
    var mark: CheckSymbol? { severity.map { $0 == .error ? .failed : .warning } }

    /// The note as a line, in which a word replaces the sign.
    var sentence: String {
        [severity?.rawValue ?? "", subject, text].filter { !$0.isEmpty }.joined(separator: ": ")
    }
}

extension Form {
    /// Derived from the settings and the existing state.
    func remarks(_ answers: Answers, _ facts: Facts) -> [FormNote] {
        switch self {
        case .address: AddressNotes(answers, facts).all
        case .inventory: InventoryNotes(facts).all
        case .registration: RegistrationNotes(answers, facts).all
        default: []
        }
    }
}

/// Shows the address that buildx will connect to, the name that it will verify, and why.
struct AddressNotes {
    private let answers: Answers
    /// Nil: not known before the address is assigned.
    let endpoint: Endpoint?

    init(_ answers: Answers, _ facts: Facts) {
        let answers = answers.named(by: facts)
        self.answers = answers
        let found = facts.service.value?.flatMap { $0.type == "LoadBalancer" ? $0.addresses : nil } ?? []
        // The plan also prefers an address that the certificate covers.
        let best = found.first { answers.coverage.covers($0) } ?? found.first
        let balancer = answers.exposure == .loadBalancer ? best : nil
        endpoint = answers.fixedEndpoint ?? balancer.map { Endpoint(host: $0, port: answers.port) }
    }

    var all: [FormNote] {
        [
            FormNote(subject: "Connects to", text: dialled, style: .accent),
            FormNote(subject: "Verifies", text: expected),
        ]
            + names.compactMap { name in
                name.letters.map { FormNote(subject: "Unicode", text: "\(name) is \($0)") }
            }
    }

    /// Every name that was typed, once.
    private var names: [SubjectName] {
        answers.sans + [answers.servername].compactMap(\.self).filter { !answers.sans.contains($0) }
    }

    /// The address, or a description of it.
    var dialled: String {
        if let endpoint { return "\(endpoint)" }
        return switch answers.exposure {
        case .loadBalancer: "the address of the load balancer, once assigned"
        case .nodePort: "the address of a node and the node port"
        case .portForward: "localhost, through kubectl port-forward"
        }
    }

    /// The name that buildx verifies where none is set, with its origin in brackets; nil while it depends on an
    /// address that is not assigned, or on a certificate of others.
    var automaticName: String? {
        // The automatic SANs cover no address that is assigned later.
        guard isMadeHere, endpoint != nil || answers.sans.isEmpty,
            let name = answers.coverage.expectedName(dialling: endpoint?.host ?? "")
        else { return nil }
        return "\(name) (\(name == endpoint?.host ? "endpoint host" : "first SAN"))"
    }

    private var expected: String {
        guard isMadeHere || answers.servername != nil else { return "a name of the existing certificate" }
        guard let name = answers.coverage.expectedName(dialling: endpoint?.host ?? "") else {
            return "no name yet: no SAN covers the address; add one"
        }
        if answers.servername != nil { return "\(name), as set" }
        if name == endpoint?.host { return "\(name), which the certificate covers" }
        return "\(name), a name in the certificate, instead of the address"
    }

    private var isMadeHere: Bool { answers.certificates == .issue || answers.certificates == .bake }
}

/// Shows the existing registration with the builder's name.
struct RegistrationNotes {
    let all: [FormNote]

    init(_ answers: Answers, _ facts: Facts) {
        guard let builder = facts.builders.value?.builders.first(where: { $0.name == answers.builder }),
            !facts.isRegistered(answers), let endpoint = builder.nodes.first?.endpoint
        else {
            all = []
            return
        }
        all = [
            FormNote(
                subject: "Name in use",
                text:
                    "\(builder.name) is registered at \(endpoint), possibly for another installation. The install "
                    + "changes it only with Take over; otherwise choose another name.",
                severity: .warning)
        ]
    }
}

/// Shows all certificates, with remarks.
struct InventoryNotes {
    private let inventory: CertificateInventory

    init(_ facts: Facts) { inventory = CertificateInventory(facts, now: facts.lookedAt) }

    var all: [FormNote] {
        inventory.entries.map { entry in
            let facts = [
                entry.certificate.shortSerial, entry.expiry,
                entry.isSelfSigned ? "self-signed" : "by \(entry.signerInWords)",
                entry.placesInWords,
            ]
            return FormNote(
                subject: entry.label, text: facts.joined(separator: ", "),
                severity: entry.validity == .valid ? nil : .warning)
        }
            + inventory.remarks.map { FormNote(subject: "", text: $0.sentence, severity: $0.severity) }
    }
}

extension Field {
    /// The value as it is typed: host names with their letters, which the answers hold in ASCII. The notes of the page
    /// show both.
    func typedText(in answers: Answers) -> String {
        let text = text(in: answers)
        guard [Field.sans.id, Field.servername.id].contains(id) else { return text }
        // A name of the answers is valid.
        return text.split(separator: ",").map(String.init)
            .map { (try? SubjectName($0))?.letters ?? $0 }.joined(separator: ",")
    }
}

extension AnswerError {
    /// The error, without the name of its field.
    var sentence: String {
        let subject = origin.map { "\($0): " } ?? ""
        return subject + message + (example.map { "; example: '\($0)'" } ?? "")
    }
}
