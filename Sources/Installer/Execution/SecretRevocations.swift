import FoundationEssentials
import MutualTLS

/// Brings the revocation lists into what is written to a Secret. There is no other way for a `crl.pem` to get there.
struct SecretRevocations {
    private static let key = "crl.pem"
    private static let register = CertificateLayout.clientRegister
    /// What is brought together at each write, so that nobody else's change of it is in the way.
    static let keys = [key, register]

    private let context: ActionContext

    init(_ context: ActionContext) { self.context = context }

    /// The files with the lists of all that is known of: in the Secret, and in the folder that keeps the authority.
    /// - Parameters:
    ///   - folder: nil where no authority of this machine's is involved; then what is in the Secret stays.
    ///   - before: the Secret as the cluster has it.
    ///   - signed: what is signed and lies nowhere yet, to be registered.
    func added(
        to files: [String: Data], keptIn folder: String?, before: JSONValue?,
        registering signed: [CertificateSummary] = []
    ) throws -> [String: Data] {
        var files = files
        files[Self.key] = nil
        let inForce = before?.file(Self.key)
        // Only the proxy's Secret has one, or is to have one.
        guard folder != nil || inForce != nil else { return files }
        let register = try before?.file(Self.register).map { text throws(CredentialsError) in
            try ClientRegistry(json: text)
        }
        if let folder {
            let merged = try CertificateFolder(path: folder).mergeRegistry(
                register, adding: signed, now: context.dependencies.now())
            files[Self.register] = Data(try merged.json.utf8)
        } else {
            files[Self.register] = before?.file(Self.register).map { Data($0.utf8) }
        }
        let trusted =
            files["ca.pem"].map { String(decoding: $0, as: UTF8.self) } ?? before?.file("ca.pem") ?? ""
        let merged =
            if let folder {
                try CertificateFolder(path: folder).mergeRevocations(
                    inForce: inForce, trusting: trusted, now: context.dependencies.now())
            } else {
                try MergedRevocations(
                    inForce: inForce ?? "", trusting: trusted, now: context.dependencies.now())
            }
        if !merged.pem.isEmpty { files[Self.key] = Data(merged.pem.utf8) }
        return files
    }

    /// What a Secret was before this run, with every revocation that has come since.
    ///
    /// The certificates come back with another line end. Envoy compares a file with the last one that it could use, and
    /// keeps what it has read since: of a pair and an authority that came together, it would go on with the new pair
    /// where only the authority was of no use.
    func restored(_ before: JSONValue, keptIn folder: String?, now: JSONValue?) throws -> JSONValue {
        guard let authorities = before.file("ca.pem"), let server = before.file("server.pem") else {
            return before
        }
        let restored = before.with(Data(authorities.utf8).rereadable, at: "ca.pem")
            .with(Data(server.utf8).rereadable, at: "server.pem")
        // Both lists count: the one from before is what the merge may not have had.
        let inForce = [now, before].compactMap { $0?.file(Self.key) }.joined()
        guard !inForce.isEmpty else { return restored }
        let added = try added(
            to: ["ca.pem": Data(authorities.utf8)], keptIn: folder,
            before: before.with(Data(inForce.utf8), at: Self.key))
        return restored.with(added[Self.key], at: Self.key)
            .with(now?.file(Self.register).map { Data($0.utf8) }, at: Self.register)
    }
}

extension Data {
    /// The same certificates, other bytes.
    fileprivate var rereadable: Data { self + [UInt8(ascii: "\n")] }
}

extension JSONValue {
    /// What a Secret holds under a key, as text.
    func file(_ key: String) -> String? {
        self["data"]?[key]?.string.flatMap { Data(base64Encoded: $0) }.map {
            String(decoding: $0, as: UTF8.self)
        }
    }

    fileprivate func with(_ bytes: Data?, at key: String) -> JSONValue {
        guard let bytes else { return self }
        var (object, data) = (self.object, self["data"]?.object ?? [:])
        data[key] = .string(bytes.base64EncodedString())
        object["data"] = .object(data)
        return .object(object)
    }
}
