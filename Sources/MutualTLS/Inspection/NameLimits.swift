import SwiftASN1
import X509

/// The names that a CA may sign (RFC 5280, section 4.2.1.10), as the libraries interpret it.
struct NameLimits {
    private let permitted: [GeneralName]
    private let excluded: [GeneralName]

    init(_ constraints: NameConstraints) {
        permitted = constraints.permittedSubtrees
        excluded = constraints.excludedSubtrees
    }

    /// Whether Go can compare all of them; it rejects critical constraints that it cannot compare.
    var areComparable: Bool { (permitted + excluded).allSatisfy(\.isComparable) }

    /// The first name in a certificate that the CA may not sign.
    func forbiddenName(in certificate: Certificate, by library: TLSLibrary) -> GeneralName? {
        var names = certificate.alternativeNames
        if library == .boringSSL, !certificate.subject.isEmpty {
            names.insert(.directoryName(certificate.subject), at: 0)
        }
        return names.first { !allow($0, library) }
    }

    private func allow(_ name: GeneralName, _ library: TLSLibrary) -> Bool {
        let isOfThatKind: (GeneralName) -> Bool = { $0.kind == name.kind }
        let (wanted, unwanted) = (permitted.filter(isOfThatKind), excluded.filter(isOfThatKind))
        guard !wanted.isEmpty || !unwanted.isEmpty else { return true }
        switch (library, name) {
        // A library rejects what it cannot compare, or, in Go, ignores it.
        case (.boringSSL, .directoryName), (_, .dnsName), (_, .rfc822Name): break
        case (.go, .ipAddress): break
        case (_, .uniformResourceIdentifier(let uri)): guard uri.host != nil else { return false }
        default: return library == .go
        }
        return (wanted.isEmpty || wanted.contains { $0.contains(name, library) })
            && !unwanted.contains { $0.contains(name, library) }
    }
}

extension Certificate {
    /// The permitted names; nil where they are unrestricted. Constraints that cannot be decoded are left to the
    /// libraries.
    var nameLimits: NameLimits? { (try? extensions.nameConstraints).flatMap { $0 }.map(NameLimits.init) }

    /// The common names in its subject.
    var commonNames: [String] {
        subject.flatMap { Array($0) }.filter { $0.type == .RDNAttributeType.commonName }.compactMap {
            // A value that is not text is not a name.
            String($0.value)
        }
    }
}

extension GeneralName {
    fileprivate enum Kind { case dns, email, uri, ip, directory, other }

    fileprivate var kind: Kind {
        switch self {
        case .dnsName: .dns
        case .rfc822Name: .email
        case .uniformResourceIdentifier: .uri
        case .ipAddress: .ip
        case .directoryName: .directory
        default: .other
        }
    }

    /// Whether Go supports names of this kind.
    var isComparable: Bool { [.dns, .email, .uri, .ip].contains(kind) }

    /// The name in a message.
    var words: String {
        switch self {
        case .dnsName(let name), .rfc822Name(let name), .uniformResourceIdentifier(let name): name
        case .ipAddress(let octets): SubjectName.ip(Array(octets.bytes)).description
        case .directoryName(let name): "“\(name)”"
        default: "\(self)"
        }
    }

    /// Whether a name is in this subtree.
    fileprivate func contains(_ name: GeneralName, _ library: TLSLibrary) -> Bool {
        switch (self, name) {
        case (.dnsName(let tree), .dnsName(let name)): name.isHost(in: tree, orBelow: true)
        case (.uniformResourceIdentifier(let tree), .uniformResourceIdentifier(let uri)):
            uri.host?.isHost(in: tree, orBelow: library == .go) ?? false
        case (.rfc822Name(let tree), .rfc822Name(let address)):
            tree.contains("@")
                ? tree.lowercased() == address.lowercased()
                : address.split(separator: "@").last.map { String($0).isHost(in: tree, orBelow: false) }
                    ?? false
        case (.ipAddress(let tree), .ipAddress(let address)): tree.bytes.isNetwork(of: address.bytes)
        case (.directoryName(let tree), .directoryName(let name)):
            name.count >= tree.count
                && zip(tree, name).allSatisfy { "\($0)".lowercased() == "\($1)".lowercased() }
        default: false
        }
    }
}

extension ArraySlice<UInt8> {
    /// Whether it is an address with its mask, and the other address is in that network.
    fileprivate func isNetwork(of address: Self) -> Bool {
        guard count == 2 * address.count else { return false }
        return zip(zip(prefix(address.count), suffix(address.count)), address).allSatisfy { own, other in
            own.0 & own.1 == other & own.1
        }
    }
}

extension String {
    /// Whether it is the host of a subtree, or below it. A subtree that starts with a dot does not include its own
    /// host.
    fileprivate func isHost(in tree: String, orBelow: Bool) -> Bool {
        let (host, tree) = (lowercased(), tree.lowercased())
        if tree.isEmpty { return true }
        if tree.hasPrefix(".") { return host.hasSuffix(tree) && host.count > tree.count }
        return host == tree || (orBelow && host.hasSuffix(".\(tree)"))
    }

    /// The host of a URI; nil where there is none.
    fileprivate var host: String? {
        guard let scheme = firstRange(of: "://") else { return nil }
        let authority = self[scheme.upperBound...].prefix { !"/?#".contains($0) }
        let host = (authority.split(separator: "@", omittingEmptySubsequences: false).last ?? "").prefix {
            $0 != ":"
        }
        return host.isEmpty ? nil : String(host)
    }

    /// Whether BoringSSL treats it as a host name (`x509v3_looks_like_dns_name`).
    var looksLikeHost: Bool {
        var name = self[...]
        if name.hasSuffix(".") { name = name.dropLast() }
        if name.hasPrefix("*.") { name = name.dropFirst(2) }
        return name.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
            !label.isEmpty && label.first != "-"
                && label.utf8.allSatisfy {
                    $0 < 0x80 && (Character(UnicodeScalar($0)).isLetter || (0x30...0x39).contains($0))
                        || "-_:".utf8.contains($0)
                }
        }
    }
}
