import Installer

/// Shows every certificate that there is, and what there is to say of them.
struct RotationRemarks {
    private let inventory: CertificateInventory

    init(_ facts: Facts) { inventory = CertificateInventory(facts, now: facts.lookedAt) }

    var all: [Remark] {
        inventory.entries.map { entry in
            let facts = [
                entry.certificate.shortSerial, entry.timeLeft, "by \(entry.signerInWords)",
                entry.placesInWords,
            ]
            return Remark(
                subject: entry.label, text: facts.joined(separator: ", "),
                style: entry.validity == .valid ? .plain : .warning)
        }
            + inventory.remarks.map {
                Remark(subject: "", text: $0.sentence, style: $0.severity == .error ? .failure : .warning)
            }
    }
}
