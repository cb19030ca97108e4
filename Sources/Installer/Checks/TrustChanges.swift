// The CAs that an install would trust, beside those that the proxy trusts; and the CA of the server certificate that a rotation
// would replace.

extension Facts {
    /// For an install that would change the trusted CAs otherwise than a rotation with the certificate directory has; nil where
    /// it would not. Certificates that the user provides are published as they are.
    func changeOfTrust(_ owner: Ownership, _ answers: Answers) -> CheckOutcome? {
        guard owner == .ours, answers.certificates == .issue else { return nil }
        return readmission(takesOver: answers.takeOver) ?? loss(takesOver: answers.takeOver)
    }

    /// Whether an install is not refused because of the trusted CAs.
    var installKeepsTrust: Bool { trustedAuthorities.lost.isEmpty && trustedAuthorities.readmitted.isEmpty }

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
        let rotation =
            signerIsTrusted
            ? ": buildkit-installer rotate"
            : ", copy their authority/ directory from the machine that has rotated, then run: buildkit-installer rotate"
        return takesOver
            ? .warning("\(what). It will be trusted: \(cost)", hint: nil)
            : .failed(
                what,
                hint:
                    "To renew the certificates without it\(rotation). To trust it: --take-over; \(cost)"
            )
    }

    /// For an install that would drop a CA which no rotation with the directory has dropped.
    ///
    /// A rotation reads the trusted CAs from the Secret, so the directory has them afterwards. It needs the key of one of them.
    private func loss(takesOver: Bool) -> CheckOutcome? {
        let lost = trustedAuthorities.lost
        guard !lost.isEmpty else { return nil }
        let it = lost.count == 1 ? "it" : "them"
        let copy =
            "If another machine has introduced \(it), copy the authority/ directory of the certificates from there"
        // The certificates beside a copied directory are still those of before.
        let isCopied = lost.allSatisfy { $0 == trustedAuthorities.signer }
        let rotation =
            signerIsTrusted
            ? "\(isCopied ? "" : "\(copy). ")To keep \(it), run: buildkit-installer rotate"
            : "\(copy), then run: buildkit-installer rotate"
        let what =
            "The proxy trusts \(lost.asAuthorities), which this install would drop: \(lost.lossOfAccess)"
        return takesOver
            ? .warning(what, hint: nil)
            : .failed(what, hint: "\(rotation). To drop \(it): --take-over")
    }
}

extension Facts {
    /// The verdict on a rotation of the Secret of the proxy, which gives both ends of a connection the same CAs.
    /// - Parameter outcome: by the owner of the Secret.
    func replacingServerAuthority(_ answers: Answers, _ outcome: CheckOutcome) -> CheckOutcome {
        guard answers.renew != .inner, serverHasOwnAuthority,
            answers.renew != .certificates || isDue(answers)
        else { return outcome }
        let what =
            "The server certificate in the Secret has another CA than those in it, and a rotation replaces it: clients that only "
            + "have that CA lose access"
        switch outcome {
        case .passed:
            return answers.takeOver
                ? .warning(what, hint: nil)
                : .failed(
                    what,
                    hint:
                        "To keep that CA, renew the certificates with the tool that created them, then install them: "
                        + "buildkit-installer install --certificates folder. To replace it: --take-over")
        case .warning(let evidence, hint: let hint): return .warning("\(evidence). \(what)", hint: hint)
        case .failed(let evidence, hint: let hint): return .failed("\(evidence). \(what)", hint: hint)
        case .pending, .skipped: return outcome
        }
    }
}
