// The CAs that an install would trust, beside those that the proxy trusts.

extension Facts {
    /// For an install that would change the trusted CAs otherwise than a rotation with the certificate directory has; nil where
    /// it would not. Certificates that the user provides are published as they are.
    func changeOfTrust(_ owner: Ownership, _ answers: Answers) -> CheckOutcome? {
        guard owner == .ours, answers.certificates == .issue else { return nil }
        return readmission(takesOver: answers.takeOver) ?? loss(takesOver: answers.takeOver)
    }

    /// For an install that would make a CA trusted which was dropped.
    ///
    /// Publishing the other CAs alone would be no way out: the server certificate in the directory may be signed by the dropped
    /// one.
    private func readmission(takesOver: Bool) -> CheckOutcome? {
        let readmitted = trustedAuthorities.readmitted
        guard !readmitted.isEmpty else { return nil }
        let what =
            "The certificate directory has \(readmitted.asAuthorities), which the proxy does not trust"
        let cost = "clients with its certificates gain access"
        return takesOver
            ? .warning("\(what). It will be trusted: \(cost)", hint: nil)
            : .failed(
                what,
                hint:
                    "To renew the certificates without it: buildkit-installer rotate. To trust it: --take-over; \(cost)"
            )
    }

    /// For an install that would drop a CA which no rotation with the directory has dropped.
    ///
    /// A rotation reads the trusted CAs from the Secret, so the directory has them afterwards.
    private func loss(takesOver: Bool) -> CheckOutcome? {
        let lost = trustedAuthorities.lost
        guard !lost.isEmpty else { return nil }
        let it = lost.count == 1 ? "it" : "them"
        let what =
            "The proxy trusts \(lost.asAuthorities), which this install would drop: \(lost.lossOfAccess)"
        return takesOver
            ? .warning(what, hint: nil)
            : .failed(
                what,
                hint:
                    "If another machine has introduced \(it), copy the authority/ directory of the certificates from there. "
                    + "To keep \(it), run: buildkit-installer rotate. To drop \(it): --take-over")
    }
}
