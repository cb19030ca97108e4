import Installer
import MutualTLS
import Terminal

/// Something that follows from the answers of a form, said on its page.
struct FormNote: Equatable, Sendable {
    var subject: String
    var text: String
    var style = Style.plain
}

extension Form {
    /// What follows from the answers, or is there already.
    func remarks(_ answers: Answers, _ facts: Facts) -> [FormNote] {
        switch self {
        case .address: AddressNotes(answers, facts).all
        case .inventory: InventoryNotes(facts).all
        case .registration: RegistrationNotes(answers, facts).all
        default: []
        }
    }
}

/// Says which address buildx will dial, which name it will expect there, and why.
struct AddressNotes {
    private let answers: Answers
    private let endpoint: Endpoint?

    init(_ answers: Answers, _ facts: Facts) {
        self.answers = answers
        let found = facts.service.value?.flatMap { $0.type == "LoadBalancer" ? $0.addresses.first : nil }
        let balancer = answers.exposure == .loadBalancer ? found : nil
        endpoint = answers.fixedEndpoint ?? balancer.map { Endpoint(host: $0, port: answers.port) }
    }

    var all: [FormNote] {
        [
            FormNote(subject: "buildx dials", text: dialled, style: .accent),
            FormNote(subject: "and expects", text: expected),
        ]
    }

    /// The address, or what it will be.
    var dialled: String {
        if let endpoint { return "\(endpoint)" }
        return switch answers.exposure {
        case .loadBalancer: "the load balancer's address, as soon as it has one"
        case .nodePort: "a node's address and the node port"
        case .portForward: "localhost, through kubectl port-forward"
        }
    }

    private var expected: String {
        guard isMadeHere || answers.servername != nil else { return "a name of the existing certificate" }
        guard let name = answers.coverage.expectedName(dialling: endpoint?.host ?? "") else {
            return "a name that no SAN gives; add one"
        }
        if answers.servername != nil { return "\(name), as answered" }
        if name == endpoint?.host { return "\(name), which the certificate covers" }
        return "\(name), which the certificate covers, in place of the address"
    }

    private var isMadeHere: Bool { answers.certificates == .issue || answers.certificates == .bake }
}

/// Says whose registration the builder's name would take.
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
                    "\(builder.name) is registered at \(endpoint), perhaps for another installation. Installing "
                    + "changes it; choose another name to keep it.",
                style: .warning)
        ]
    }
}

/// Shows every certificate that there is, and what there is to say of them.
struct InventoryNotes {
    private let inventory: CertificateInventory

    init(_ facts: Facts) { inventory = CertificateInventory(facts, now: facts.lookedAt) }

    var all: [FormNote] {
        inventory.entries.map { entry in
            let facts = [
                entry.certificate.shortSerial, entry.timeLeft, "by \(entry.signerInWords)",
                entry.placesInWords,
            ]
            return FormNote(
                subject: entry.label, text: facts.joined(separator: ", "),
                style: entry.validity == .valid ? .plain : .warning)
        }
            + inventory.remarks.map {
                FormNote(subject: "", text: $0.sentence, style: $0.severity == .error ? .failure : .warning)
            }
    }
}

extension AnswerError {
    /// What is wrong, without the name of the field that it stands below.
    var sentence: String {
        let subject = origin.map { "\($0): " } ?? ""
        return subject + message + (example.map { ", as in '\($0)'" } ?? "")
    }
}
