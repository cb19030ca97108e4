import Foundation
@testable import MutualTLS
import Testing

struct SubjectNameTests {
    @Test(arguments: [
        ("Builder.Example.COM", "builder.example.com"), ("localhost", "localhost"),
        ("*.builders.example.com", "*.builders.example.com"), ("10.0.0.12", "10.0.0.12"), ("::1", "::1"),
        ("FD00:0:0::12", "fd00::12"), ("xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("4you.example", "4you.example"), ("*.Bücher.Example", "*.xn--bcher-kva.example"),
        (String(repeating: "a", count: 63) + ".example", String(repeating: "a", count: 63) + ".example"),
    ])
    func goodNamesAreTaken(text: String, shown: String) throws {
        #expect(try SubjectName(text).description == shown)
    }

    @Test(arguments: [
        ("", "empty"), ("a..b", "empty label"), (".a", "empty label"),
        (String(repeating: "a", count: 64) + ".example", "64 characters"),
        (Array(repeating: "abcdefg", count: 40).joined(separator: "."), "319 characters"),
        ("my_host.example", "underscore"), ("host.example.", "ends with a dot"), ("☃.example", "☃"),
        ("*.*.example.com", "whole first label"), ("*", "A single *"),
        ("a.*.example.com", "whole first label"),
        ("web*.example.com", "whole first label"), ("*.com", "two labels"), ("fe80::1%eth0", "zone"),
        ("two words", "space"), ("https://example.com", "scheme"), ("tcp://example.com:1234", "scheme"),
        ("example.com:1234", "has a port"), ("[::1]:1234", "without brackets"),
        ("300.1.2.3", "looks like an IP address"), ("-a.example", "hyphen"), ("a,b", "other than letters"),
        ("1:2", "port"), ("fd00::12::1", "neither"),
    ])
    func badNamesAreExplainedWithAGoodOne(text: String, reason: String) throws {
        let problem = try #require(throws: NameError.self) { try SubjectName(text) }
        #expect(problem.message.contains(reason))
        // Every suggestion must itself be valid.
        #expect(throws: Never.self) { try SubjectName(problem.example) }
    }

    @Test func aWildcardStandsForExactlyOneLabel() throws {
        let name = try SubjectName("*.example.com")
        #expect(name.covers("a.example.com"))
        #expect(name.covers("A.Example.com"))
        #expect(name.covers("*.example.com"))
        #expect(!name.covers("example.com"))
        #expect(!name.covers("a.b.example.com"))
        #expect(!name.covers(".example.com"))
    }

    @Test func addressesAreComparedByValue() throws {
        #expect(try SubjectName("fd00::12").covers("FD00:0:0:0::12"))
        #expect(try !SubjectName("10.0.0.1").covers("10.0.0.2"))
        #expect(try !SubjectName("*.0.0.1".replacing("1", with: "example")).covers("10.0.0.1"))
    }

    @Test func namesAreTextsInJSON() throws {
        let names = [try SubjectName("a.example"), try SubjectName("::1")]
        let data = try JSONEncoder().encode(names)
        #expect(String(decoding: data, as: UTF8.self) == #"["a.example","::1"]"#)
        #expect(try JSONDecoder().decode([SubjectName].self, from: data) == names)
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode([SubjectName].self, from: Data(#"["a_b"]"#.utf8))
        }
    }

    @Test(arguments: ["", "Laptop", "a b", "../x", ".a", "é", String(repeating: "a", count: 64)])
    func badClientNamesAreRefused(name: String) {
        #expect(throws: NameError.self) { try ClientName.check(name) }
    }
}
