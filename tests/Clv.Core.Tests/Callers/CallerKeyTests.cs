using System.Security.Cryptography;
using System.Text;
using Clv.Core.Callers;
using Clv.Core.History;
using Clv.Core.Tests.History;

namespace Clv.Core.Tests.Callers;

public class CallerKeyTests
{
    private static readonly ContactPoint Phone = new(ContactKind.Phone, "+493023125000");

    [Theory]
    [InlineData(ContactKind.Phone, "+493023125000", "phone\n+493023125000")]
    [InlineData(ContactKind.Email, "mu\u00fcller@example.com", "email\nmu\u00fcller@example.com")]
    public void Of_AContact_IsTheFirst128BitsOfItsHmac(ContactKind kind, string normal, string hashed) => Assert.Equal(
        Convert.ToHexStringLower(HMACSHA256.HashData(Base.Secret, Encoding.UTF8.GetBytes(hashed)))[..32],
        CallerKey.Of(new ContactPoint(kind, normal), Base.Secret).ToString());

    [Fact]
    public void Of_AnyContact_IsNoCustomersKeyAndNoOtherKindsKey()
    {
        Assert.NotEqual(CallerKey.Of(Phone, Base.Secret).Value, CustomerKey.Of(Encoding.UTF8.GetBytes(Phone.Normal), Base.Secret).Value);
        Assert.NotEqual(CallerKey.Of(Phone, Base.Secret), CallerKey.Of(Phone with { Kind = ContactKind.Email }, Base.Secret));
        Assert.NotEqual(CallerKey.Of(Phone, Base.Secret), CallerKey.Of(Phone, "another secret"u8));
        // What is hashed for a number holds a line break, which no id may hold.
        Assert.False(CustomerId.TryNormalise($"phone\n{Phone.Normal}", out _, out _));
    }

    [Fact]
    public void CallerKeys_InAnyOrder_AreTheSame()
    {
        var keys = Enumerable.Range(0, 9).Select(static i => CallerKey.Of(new ContactPoint(ContactKind.Phone, $"+49302312500{i}"), Base.Secret)).ToList();
        var ordered = new CallerKeys(keys);

        Assert.Equal(ordered, new CallerKeys(keys.AsEnumerable().Reverse().Concat(keys)));
        Assert.Equal(ordered.GetHashCode(), new CallerKeys(keys.AsEnumerable().Reverse()).GetHashCode());
        Assert.Equal(keys.Order(), ordered);
        Assert.NotEqual(ordered, new CallerKeys(keys.Skip(1)));
        Assert.NotEqual(ordered, CallerKeys.None);
    }
}
